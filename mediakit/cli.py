"""The command `mediakit`: one thin command per step, no logic of its own."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from mediakit.errors import FormatError, LoadError, MediakitError

FAILED, USAGE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 nothing loaded or written, 2 wrong use."""
    parser = _parser()
    given = parser.parse_args(arguments)
    os.environ.setdefault("MPLBACKEND", "Agg")  # a report needs no window
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.showwarning = _print_warning
            return int(given.run(given))
    except LoadError as error:
        print(f"mediakit: {error}", file=sys.stderr)
        return FAILED
    except MediakitError as error:
        print(f"mediakit: {error}", file=sys.stderr)
        return USAGE
    except OSError as error:  # a folder that cannot be written to, a full disk
        where = "" if error.filename is None else f"{error.filename}: "
        print(f"mediakit: {where}{error.strerror or error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("mediakit: stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    from mediakit import __version__

    parser = argparse.ArgumentParser(
        prog="mediakit", description="Compare how news outlets cover protest and diplomacy."
    )
    parser.add_argument("--version", action="version", version=f"mediakit {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    report = commands.add_parser("report", help="from files to a report page, tables, figures and an executed notebook")
    report.add_argument(
        "path", nargs="*", metavar="PATH", help="files, folders or patterns (default: the sample corpus)"
    )
    report.add_argument("--by", default="outlet", help="column that splits the articles (default: outlet)")
    report.add_argument("--out", default="report", metavar="DIR", help="folder of the report (default: report)")
    report.add_argument("--targets", default="default", metavar="FILE", help="TOML file with the targets of stance")
    report.add_argument(
        "--stories", metavar="FILE", help="CSV file with the story of each article (default: found by similarity)"
    )
    report.add_argument("--outlet", metavar="NAME", help="outlet of articles whose files name none")
    _add_columns(report)
    report.add_argument(
        "--codings", metavar="DIR", help="folder of filled coding sheets with the sample (default: none)"
    )
    report.add_argument("--resamples", type=int, default=2000, metavar="N", help="bootstrap resamples (default: 2000)")
    report.add_argument("--seed", type=int, default=0, help="seed of the resampling (default: 0)")
    report.add_argument("--no-notebook", action="store_true", help="do not write and execute the notebook")
    report.set_defaults(run=_report)

    load = commands.add_parser(
        "load",
        help="load articles into one table with its ledger beside it, or into a folder of Parquet files",
        description="Load articles into one table (--out corpus.parquet, .csv or .jsonl), with its ledger beside it; "
        "or, for folders larger than memory, into a folder of Parquet files (--out corpus/), in parallel. "
        "Interrupted work goes on where it stopped.",
    )
    load.add_argument("path", nargs="+", metavar="PATH", help="files, folders or patterns")
    load.add_argument(
        "--out", required=True, metavar="PATH", help="table to write (.parquet, .csv, .jsonl), or a folder"
    )
    load.add_argument("--workers", type=int, metavar="N", help="processes (default: one for each core)")
    load.add_argument("--anew", action="store_true", help="for a folder: read everything anew, keep no finished part")
    load.add_argument("--format", help="read every file with this reader")
    load.add_argument("--outlet", metavar="NAME", help="outlet of articles whose files name none")
    _add_columns(load)
    load.add_argument("--encoding", help="encoding of all text files (default: recognised)")
    load.add_argument("--mend", action="store_true", help="mend wrongly decoded text with ftfy")
    load.set_defaults(run=_load)

    detect = commands.add_parser("detect", help="show which readers claim a file, and why")
    detect.add_argument("path", metavar="FILE")
    detect.set_defaults(run=_detect)
    return parser


def _add_columns(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--columns",
        action="append",
        metavar="OURS=THEIRS",
        help='a column of tables by its name there, as --columns "text=Full story"; once for each column',
    )


def _report(given: argparse.Namespace) -> int:
    from mediakit.report.findings import find_findings
    from mediakit.study import run_study, write_report

    path = None if not given.path else given.path[0] if len(given.path) == 1 else given.path
    study = run_study(
        path,
        by=given.by,
        targets=given.targets,
        stories=given.stories,
        outlet=given.outlet,
        columns=_pairs(given.columns),
        codings=given.codings,
        n_resamples=given.resamples,
        seed=given.seed,
    )
    page = write_report(study, given.out, notebook=not given.no_notebook, progress=sys.stderr.isatty())
    print(f"Report: {page}")
    for number, finding in enumerate(find_findings(study), start=1):
        print(f"{number}. {finding.sentence}.\n   {finding.numbers}")
    return 0


def _pairs(given: Sequence[str] | None) -> dict[str, str] | None:
    """Return what was written as OURS=THEIRS."""
    pairs = {name: theirs for name, _, theirs in (pair.partition("=") for pair in given or ())}
    if not all(name and theirs for name, theirs in pairs.items()):
        raise FormatError('--columns takes a name here and a name in the file, as --columns "text=Full story".')
    return pairs or None


def _load(given: argparse.Namespace) -> int:
    from mediakit.load.loader import load_articles, write_articles

    path = given.path[0] if len(given.path) == 1 else given.path
    if not Path(given.out).suffix or Path(given.out).is_dir():
        from mediakit.load.stream import load_in_parts

        parts = load_in_parts(
            path,
            given.out,
            workers=given.workers,
            resume=not given.anew,
            format=given.format,
            columns=_pairs(given.columns),
            outlet=given.outlet,
            encoding=given.encoding,
            mend=given.mend,
            progress=None if sys.stderr.isatty() else False,
        )
        print(f"{parts['articles'].sum()} articles in {len(parts)} parts: {given.out}")
        return 0
    articles = load_articles(
        path,
        format=given.format,
        columns=_pairs(given.columns),
        outlet=given.outlet,
        encoding=given.encoding,
        mend=given.mend,
        workers=given.workers,
    )
    written = write_articles(articles, Path(given.out))
    print(f"{len(articles)} articles: {written}")
    return 0


def _detect(given: argparse.Namespace) -> int:
    from mediakit.load.registry import detect_format

    print(detect_format(given.path).to_string(index=False))
    return 0


def _print_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    print(
        f"mediakit: {'' if category.__module__.startswith('mediakit') else category.__name__ + ': '}{message}",
        file=sys.stderr,
    )
