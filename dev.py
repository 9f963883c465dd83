"""Set up mediakit in a virtual environment of its own and run it: needs nothing but Python 3.11 or newer.

    python3 dev.py report     the comparative report on the sample corpus
    python3 dev.py test       all checks: style, types, tests
    python3 dev.py lab        JupyterLab with the notebooks
    python3 dev.py bench      the benchmarks
    python3 dev.py docs       the reference pages

The first call installs everything into the folder .venv (some minutes); later calls start at once. What follows the
command is passed on: `python3 dev.py report my-articles/ --out my-report`, `python3 dev.py test -k ledger`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "mediakit-installed"


def main() -> int:
    """Run one command and return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036  this script is what an older Python meets first
        print(f"mediakit needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    commands = {"report": report, "test": test, "lab": lab, "bench": bench, "docs": docs}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    if not install():
        return 1
    return commands[sys.argv[1]](sys.argv[2:])


def install() -> bool:
    """Make the virtual environment and install mediakit with its pinned packages, unless that is done."""
    wanted = hashlib.sha256(
        (HERE / "pyproject.toml").read_bytes() + (HERE / "constraints.txt").read_bytes() + str(HERE).encode()
    ).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.is_file():
        return True
    print("Setting up .venv (once, some minutes) …", flush=True)
    if not PYTHON.is_file():
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            print(made.stdout + made.stderr, file=sys.stderr)
            print(
                "The virtual environment could not be made. On Debian and Ubuntu: apt install python3-venv.",
                file=sys.stderr,
            )
            return False
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-warn-script-location"]
    done = subprocess.run([*pip, "--constraint", "constraints.txt", "--editable", ".[test]"], cwd=HERE)
    if done.returncode:
        print("Installing failed; the lines above say why. Is the network there?", file=sys.stderr)
        return False
    STAMP.write_text(wanted)
    return True


def report(arguments: list[str]) -> int:
    """Run the main job: by default the sample corpus into the folder report."""
    # In the caller's folder, so that paths mean what they say; the report's own default lies in this folder.
    default = [] if "--out" in arguments else ["--out", str(HERE / "report")]
    return run("-m", "mediakit", "report", *arguments, *default, cwd=Path.cwd())


def test(arguments: list[str]) -> int:
    """Run style, types and tests; with arguments only the tests, which get them."""
    steps = [] if arguments else [("-m", "ruff", "check", "."), ("-m", "mypy")]
    for step in steps:
        print("$ python", *step, flush=True)
        if run(*step):
            return 1
    if not arguments:
        # One process a core; each with one thread for matrices, or they wait for each other.
        arguments = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
        os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    return run("-m", "pytest", *arguments)


def lab(arguments: list[str]) -> int:
    """Open JupyterLab on the notebooks."""
    return run("-m", "jupyterlab", "notebooks", *arguments)


def bench(arguments: list[str]) -> int:
    """Run every benchmark and write its result page; what it compares with is installed first."""
    extra = ["--quiet", "--constraint", "constraints.txt", "--editable", ".[test,bench]"]
    return run("-m", "pip", "--disable-pip-version-check", "install", *extra) or run("-m", "benchmarks", *arguments)


def docs(arguments: list[str]) -> int:
    """Write the reference pages from the docstrings."""
    return run("docs/build.py", *arguments)


def run(*arguments: str, cwd: Path = HERE) -> int:
    """Run Python of the virtual environment."""
    return subprocess.run([str(PYTHON), *arguments], cwd=cwd).returncode


if __name__ == "__main__":
    sys.exit(main())
