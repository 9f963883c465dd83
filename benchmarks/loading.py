"""How completely, how rightly and how fast export files are read.

    python -m benchmarks.loading [FOLDER]

FOLDER holds real export files with a table of counts (default: ../shared/data/exports); without it the script says so
and ends. It writes benchmarks/LOADING.md, and the table of formats in docs/formats.md.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import mediakit as mk
from benchmarks import loading_baselines as baselines
from benchmarks.timing import (
    all_cores,
    describe_machine,
    is_on_one_thread,
    keep_to_one_core,
    peak_of,
    restart_on_one_thread,
    run_alone,
    time_in_turn,
)
from mediakit.errors import MediakitError
from mediakit.load.dates import find_date_line
from mediakit.load.docx import docx_paragraphs
from mediakit.load.registry import Options, choose_reader
from mediakit.load.source import Source

HERE = Path(__file__).parent
REAL = HERE.parent.parent / "shared" / "data" / "exports"
WORD = re.compile(r"\w+")
# Folders whose files hold articles one after the other, so that their counts are counts of articles.
ARCHIVES = (
    "alceste", "api_json", "europresse_html", "factiva_html", "factiva_txt", "factiva_xml", "feeds", "iptc7901",
    "lexisnexis_docx", "lexisnexis_html", "lexisnexis_txt", "newsml_nitf", "ninjs", "proquest_html", "proquest_txt",
)  # fmt: skip
SHOWN = ("headline", "outlet", "date", "byline", "text")
ROUNDS_MIXED = 3  # of the mixed files, each in turn; the medians count
COPIES = 1000
PACKAGES = ("mediakit-research", "lxml", "python-docx", "beautifulsoup4", "pandas", "pyarrow")


def quiet_load(path: Path, *, workers: int = 1) -> pd.DataFrame:
    """Load a file; an empty table where it holds no article."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return mk.load_articles(path, workers=workers, progress=False)
        except MediakitError as error:
            return pd.DataFrame({"error": []}).assign(why=str(error))


def read_counts(folder: Path) -> dict[str, int]:
    """Return file -> the number of articles that people counted in it."""
    lines = (folder / "COUNTS.tsv").read_text("utf-8").splitlines()[1:]
    return {name: int(count) for name, count in (line.rsplit("\t", 1) for line in lines)}


def is_real(name: str, count: int) -> bool:
    """Whether a count says how many articles are in a file, and not just that it is one file."""
    # A single CSV beside a Word file, a picture list or a package of links is one file and no count.
    return name.split("/")[0] in ARCHIVES and not name.endswith(".csv") and count > 0


def load_everything(folder: Path) -> dict[str, pd.DataFrame]:
    """Load every file of the folder on its own, and check its ledger."""
    tables = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("SOURCE.txt", "COUNTS.tsv"):
            tables[path.relative_to(folder).as_posix()] = quiet_load(path)
    return tables


def ledger_adds_up(table: pd.DataFrame) -> bool:
    """Whether the parts of the file tile it."""
    if "error" in table.columns:
        return True
    try:
        mk.check_ledger(mk.read_ledger(table))
    except MediakitError:
        return False
    return True


def count_rows(tables: dict[str, pd.DataFrame], counts: dict[str, int]) -> tuple[list[str], list[str]]:
    """Compare the numbers of articles; return table rows by folder, and the files that differ."""
    by_folder: dict[str, list[tuple[str, int, int, bool]]] = defaultdict(list)
    for name, table in tables.items():
        if name in counts and is_real(name, counts[name]):
            by_folder[name.split("/")[0]].append((name, counts[name], len(table), ledger_adds_up(table)))
    rows = [
        "| folder | files | articles in them | read | files right | ledgers that add up |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    differing = []
    for folder, found in sorted(by_folder.items()):
        right = sum(want == read for _, want, read, _ in found)
        sound = sum(ok for *_, ok in found)
        wanted, read = sum(want for _, want, _, _ in found), sum(read for _, _, read, _ in found)
        rows.append(f"| {folder} | {len(found)} | {wanted:,} | {read:,} | {right} | {sound} |")
        differing += [f"- `{name}`: counted {want}, read {read}" for name, want, read, _ in found if want != read]
    return rows, differing


def bare(text: object) -> str:
    """Return the words of a text in lower case, to compare without regard to marks and spaces."""
    return " ".join(WORD.findall(str(text if text == text and text is not None else "").casefold()))


def share(hits: list[bool]) -> str:
    """Return "98.7% of 1,234"."""
    return f"{100 * sum(hits) / len(hits):.1f}% of {len(hits):,}" if hits else "–"


def check_nexis_titles(folder: Path, tables: dict[str, pd.DataFrame]) -> list[bool]:
    """Compare headlines with the list of hits on the cover, which the reader does not use."""
    hits = []
    for path in sorted((folder / "lexisnexis_docx").glob("*.[dD][oO][cC][xX]")):
        table = tables[f"lexisnexis_docx/{path.name}"]
        # Two files are no news, or had their titles replaced by nonsense by those who published them.
        if path.name in ("clippinger_Files_4.DOCX", "lnt_sample.DOCX") or not len(table):
            continue
        titles: list[str] = []
        for text in docx_paragraphs(Source(path, path.name)):
            if "End of Document" in text:
                break
            found = re.match(r"^\s*(\d+)\.\s(.*)", text, re.S)
            if found and int(found[1]) == len(titles) + 1:
                titles.append(found[2])
        if len(titles) == len(table):
            hits += [bare(one) == bare(other) for one, other in zip(table["headline"], titles, strict=True)]
    return hits


def check_nexis_companions(folder: Path, tables: dict[str, pd.DataFrame]) -> dict[str, list[bool]]:
    """Compare with the tables that another program made of two of the files."""
    hits: dict[str, list[bool]] = {"headline": [], "outlet": [], "date": []}
    for stem in ("birkholz_2013_Files_12_", "birkholz_data_1"):
        table = tables.get(f"lexisnexis_docx/{stem}.DOCX")
        other = pd.read_csv(folder / "lexisnexis_docx" / f"{stem}.csv", dtype=str, keep_default_na=False)
        if table is None or len(table) != len(other):
            continue
        for row, given in zip(table.itertuples(), other.itertuples(), strict=True):
            hits["headline"].append(bare(row.headline) == bare(given.title))
            hits["outlet"].append(bare(row.outlet) == bare(given.publisher))
            hits["date"].append(str(row.date.date()) == given.publish_date.replace("/", "-"))
    return hits


def check_lengths(tables: dict[str, pd.DataFrame], prefix: str) -> list[bool]:
    """Compare the vendor's number of words with the length read; Nexis divides the number of characters by six."""
    hits = []
    for name, table in tables.items():
        if not name.startswith(prefix) or "declared_words" not in table or "lnt_sample" in name or "temis" in name:
            continue
        declared = pd.to_numeric(table["declared_words"], errors="coerce")
        read = table["text"].fillna("").str.len() / 6
        hits += ((read / declared - 1).abs() <= 0.05)[declared.ge(1)].tolist()
    return hits


def check_factiva_pair(tables: dict[str, pd.DataFrame]) -> list[bool]:
    """Compare the articles that exist both as HTML and as text saved by a browser."""
    one = tables["factiva_html/tiresias_Factiva.htm"].set_index("vendor_id")
    other = tables["factiva_txt/tiresias_Factiva2_text_saved_as.html"].set_index("vendor_id")
    fields = ("headline", "outlet", "date", "text")
    return [
        all(str(one.loc[key, field]).split() == str(other.loc[key, field]).split() for field in fields)
        for key in one.index.intersection(other.index)
    ]


def check_europresse_dates(tables: dict[str, pd.DataFrame]) -> list[bool]:
    """Compare the date with that in the identifier of the document."""
    hits = []
    for name, table in tables.items():
        if name.startswith("europresse_html/") and "vendor_id" in table:
            found = table["vendor_id"].astype("str").str.extract(r"·(\d{8})·")[0]
            hits += (table["date"].dt.strftime("%Y%m%d") == found)[found.notna()].tolist()
    return hits


def check_sanity(tables: dict[str, pd.DataFrame], prefixes: tuple[str, ...]) -> dict[str, list[bool]]:
    """Look for what must not be: an outlet that is a date, an article without headline or date."""
    hits: dict[str, list[bool]] = {"outlet is no date": [], "headline there": [], "date there": [], "outlet there": []}
    for name, table in tables.items():
        if not name.startswith(prefixes) or "outlet" not in table or name.endswith(".csv"):
            continue
        hits["outlet is no date"] += [find_date_line(str(outlet)) is None for outlet in table["outlet"].dropna()]
        for field in ("headline", "date", "outlet"):
            hits[f"{field} there"] += table[field].notna().tolist()
    return hits


def accuracy(folder: Path, tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return the table of what was compared with what."""
    rows = ["| format | compared | right | required |", "| --- | --- | ---: | ---: |"]

    def add(name: str, what: str, hits: list[bool], need: str = "") -> None:
        rows.append(f"| {name} | {what} | {share(hits)} | {need} |")

    add("Nexis DOCX", "headline with the list of hits on the cover", check_nexis_titles(folder, tables), "99%")
    for field, hits in check_nexis_companions(folder, tables).items():
        add("Nexis DOCX", f"{field} with a table that another program made", hits, "99%")
    lengths = check_lengths(tables, "lexisnexis_docx/")
    add("Nexis DOCX", "vendor's word count within 5% of characters / 6", lengths, "97%")
    lengths = check_lengths(tables, "lexisnexis_html/") + check_lengths(tables, "lexisnexis_txt/amcat")
    add("old Nexis", "the same", lengths, "97%")
    add(
        "Factiva",
        "the 40 articles that exist as HTML and as saved text are equal",
        check_factiva_pair(tables),
        "39 of 40",
    )
    add("Europresse", "date with the date in the document's identifier", check_europresse_dates(tables), "100%")
    for name, prefixes in (
        ("Nexis DOCX", ("lexisnexis_docx/",)), ("old Nexis", ("lexisnexis_html/", "lexisnexis_txt/")),
        ("Factiva", ("factiva",)), ("Europresse", ("europresse_html/",)),
    ):  # fmt: skip
        for what, hits in check_sanity(tables, prefixes).items():
            add(name, what, hits, "99%" if "there" in what else "100%")
    return rows


def speed(folder: Path) -> list[str]:
    """Time one file of a hundred Nexis articles, and a folder of a thousand mixed files against the baselines."""
    hundred = folder / "lexisnexis_docx" / "birkholz_data_1.DOCX"
    jobs: dict[str, Callable[[Path], list[dict]]] = {
        "lexisnexis_docx": baselines.nexis_docx, "factiva_html": baselines.factiva_html,
        "lexisnexis_html": baselines.nexis_html, "europresse_html": baselines.europresse_html,
    }  # fmt: skip
    files = [
        (path, jobs[kind])
        for kind in jobs
        for path in sorted((folder / kind).iterdir())
        if path.name != "SOURCE.txt" and path.suffix != ".csv" and path.stat().st_size > 1000
    ]
    mixed = [files[number % len(files)] for number in range(COPIES)]

    def ours_alone() -> None:
        quiet_load(hundred)

    def theirs_alone() -> None:
        baselines.nexis_docx(hundred)

    one, other = time_in_turn(ours_alone, theirs_alone)
    rows = [
        "| job | mediakit, s | other, s | ratio | required |",
        "| --- | ---: | ---: | ---: | ---: |",
        f"| 100 Nexis articles in a Word file, python-docx | {one:.3f} | {other:.3f} | {other / one:.1f} | < 0.15 s |",
    ]
    with tempfile.TemporaryDirectory() as kept:
        for number, (path, _) in enumerate(mixed):
            (Path(kept) / f"{number:04d}{path.suffix}").write_bytes(path.read_bytes())
        mine, others = [], []
        for _ in range(ROUNDS_MIXED):
            begin = time.perf_counter()
            quiet_load(Path(kept))
            mine.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            for path, reader in mixed:
                try:
                    reader(path)
                except (ValueError, KeyError, OSError):  # empty and broken files: an error is their way to say so
                    continue
            others.append(time.perf_counter() - begin)
        ours, theirs = statistics.median(mine), statistics.median(others)
        with all_cores() as cores:
            begin = time.perf_counter()
            quiet_load(Path(kept), workers=cores)
            side_by_side = time.perf_counter() - begin
        begin = time.perf_counter()
        for path in sorted(Path(kept).iterdir()):
            source = Source(path, path.name)
            chosen, _ = choose_reader(source, None)
            if chosen is not None:
                chosen.read(source, Options())
        alone = time.perf_counter() - begin
    what = f"{COPIES:,} mixed files (Word, HTML of three databases), python-docx and BeautifulSoup"
    each = ", ".join(f"{other / own:.1f}" for own, other in zip(mine, others, strict=True))
    rows.append(f"| {what}; rounds: {each} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} | over 5 |")
    what = f"the same by `workers={cores}`, the others still in one process"
    rows.append(f"| {what} | {side_by_side:.1f} | {theirs:.1f} | {theirs / side_by_side:.1f} | (two against one) |")
    what = "the same, recognised and read, without table, languages and evidence of cuts"
    rows.append(f"| {what} | {alone:.1f} | {theirs:.1f} | {theirs / alone:.1f} | |")
    for kind, reader in jobs.items():
        own = [path for path, job in files if job is reader]

        def ours_kind(own: list[Path] = own) -> None:
            for path in own:
                quiet_load(path)

        def theirs_kind(own: list[Path] = own, reader: Callable[[Path], list[dict]] = reader) -> None:
            for path in own:
                try:
                    reader(path)
                except (ValueError, KeyError, OSError):
                    continue

        one, other = time_in_turn(ours_kind, theirs_kind)
        rows.append(f"| {kind}, {len(own)} files | {one:.3f} | {other:.3f} | {other / one:.1f} | |")
    return rows


LARGE = 12_000_000  # bytes; what a process needs anyway is little beside what such a file takes


def enlarge(path: Path, folder: Path) -> Path:
    """Write a file of the same format with the articles of `path` again and again."""
    data, made = path.read_bytes(), folder / f"large{path.suffix}"
    if data.startswith(b"PK"):
        with zipfile.ZipFile(path) as old:
            document = old.read("word/document.xml")
        start, end = document.index(b"<w:body>") + 8, document.rindex(b"</w:body>")
        times = max(1, LARGE // len(document))
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            new.writestr("[Content_Types].xml", "<Types/>")
            new.writestr("word/document.xml", document[:start] + document[start:end] * times + document[end:])
        return made
    times = max(1, LARGE // len(data))
    if b"</body>" in data.lower():
        low = data.lower()
        start, end = low.index(b">", low.index(b"<body")) + 1, low.rindex(b"</body>")
        made.write_bytes(data[:start] + data[start:end] * times + data[end:])
    elif path.suffix == ".csv":
        head, _, rows = data.partition(b"\n")
        made.write_bytes(head + b"\n" + (rows.rstrip(b"\n") + b"\n") * times)
    else:
        made.write_bytes((data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\n") + b"\n\n\n") * times)
    return made


def memory(folder: Path) -> list[str]:
    """Measure the peak of loading a large file of each kind, in a process of its own."""
    rows = [
        "| format | MB, unpacked | articles | peak, MB | times its size | required |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    samples = (
        "lexisnexis_docx/birkholz_data_1.DOCX", "factiva_html/koheiw_german-ui.html",
        "factiva_txt/tiresias_Factiva2_text_saved_as.html", "lexisnexis_html/koheiw_afp_2013-03-12_0501.html",
        "lexisnexis_txt/lnt_sample.TXT", "proquest_txt/kiss_star_first80.txt", "europresse_html/tiresias_2023_dev.HTML",
        "csv_dumps/fakenewscorpus_news_sample.csv", "gdelt_tables/sparkgdelt_gkg.csv", "warc/warcio_example.warc",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as kept:
        for name in samples:
            large = enlarge(folder / name, Path(kept))
            size = large.stat().st_size
            if large.suffix.lower() == ".docx":
                with zipfile.ZipFile(large) as archive:
                    size = archive.getinfo("word/document.xml").file_size
            peak, articles = json.loads(run_alone("benchmarks.loading", ["--peak", str(large)]))
            shown = "– | –" if peak is None else f"{peak / 1e6:.0f} | {peak / size:.1f}"
            rows.append(f"| {name.split('/')[0]} | {size / 1e6:.1f} | {articles:,} | {shown} | ≤ 10 |")
    return rows


def measure_peak(path: Path) -> None:
    """Print by how much memory grows while a file is loaded; the libraries are loaded before."""
    with tempfile.TemporaryDirectory() as kept:
        first = Path(kept) / f"first{path.suffix}"
        first.write_bytes(path.read_bytes()[:20_000])
        quiet_load(first)
        quiet_load(mk.sample_path())
    count: list[int] = []
    peak = peak_of(lambda: count.append(len(quiet_load(path))))
    print(json.dumps([peak, count[0]]))


def format_rows(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return for every format: files tried, articles, and how many articles have each field."""
    from mediakit.load.registry import readers

    found: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for table in tables.values():
        if "format" in table.columns and len(table):
            for name, mine in table.groupby("format"):
                found[str(name)].append(mine)
    rows = [
        f"| format | what it is | files tried | articles | {' | '.join(SHOWN)} |",
        f"| --- | --- | ---: | ---: |{' ---: |' * len(SHOWN)}",
    ]
    for name, reader in sorted(readers().items()):
        mine = found.get(name, [])
        total = sum(map(len, mine))
        cells = ["–"] * len(SHOWN)
        if total:
            cells = [f"{100 * sum(int(table[field].notna().sum()) for table in mine) / total:.0f}%" for field in SHOWN]
        rows.append(f"| `{name}` | {reader.about} | {len(mine)} | {total:,} | {' | '.join(cells)} |")
    return rows


def main(arguments: list[str] | None = None) -> None:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--peak"]:
        measure_peak(Path(given[1]))
        return
    if not is_on_one_thread():
        sys.exit(restart_on_one_thread("benchmarks.loading", given))
    folder = Path(given[0]) if given else REAL
    if not folder.is_dir():
        print(f"{folder.name}: the folder of real exports is not here; nothing measured.")
        return
    keep_to_one_core()
    tables = load_everything(folder)
    counts, differing = count_rows(tables, read_counts(folder))
    compared = accuracy(folder, tables)
    lines = [
        "# How exports are read", "",
        "Written by `python -m benchmarks.loading`. The files were looked at while the readers were written, so these",
        "are figures of a development set; speed and memory are ratios of one run, on one core where nothing else is",
        "said; for the mixed files medians of three rounds, whose ratios stand in the row. They hang on the machine",
        "and on what runs beside: with another program on the second core rounds of 4.8 to 6.0 were seen.", "",
        *describe_machine(PACKAGES), "",
        "## Are all articles there?", "",
        "Articles that people counted in a file against articles read, for every file whose count is one of articles;",
        "the ledger adds up where the parts of the file lie end to end from its first to its last character.", "",
        *counts, "", *(["Different:", "", *differing] if differing else ["No file differs."]), "",
        "## Are the fields right?", "", *compared, "",
        "Some old Nexis articles have no headline in the file, and some agency messages no date.", "",
        "## How fast?", "",
        "The others read the same fields without keeping a ledger; they are in `benchmarks/loading_baselines.py`.", "",
        *speed(folder), "", "## How much memory?", "",
        "The articles of a file of each kind, again and again to some megabytes; the article table and its ledger are",
        "part of the peak.", "",
        *memory(folder), "",
    ]  # fmt: skip
    (HERE / "LOADING.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    page = [
        "# Formats", "",
        "Written by `python -m benchmarks.loading` from real export files that are not part of the project. A field's",
        "share is that of the articles in which it was found; many files do not have it. What was compared with what,",
        "and how often it was right, is in [LOADING.md](../benchmarks/LOADING.md) and, for web pages,",
        "[READING.md](../benchmarks/READING.md).", "",
        *format_rows(tables), "", "## What was compared", "", *compared, "",
    ]  # fmt: skip
    (HERE.parent / "docs" / "formats.md").write_text("\n".join(page), encoding="utf-8", newline="\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
