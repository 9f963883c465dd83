"""The house: order of imports, light import, set-up files that agree, documents that are true."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import mediakit

ORDER = [
    "errors",
    "progress",
    "articles",
    "load",
    "text",
    "corpus",
    "lexicons",
    "analyses",
    "compare",
    "sample",
    "measures",
    "report",
    "study",
    "engine",
    "cli",
    "__main__",
]
PACKAGE = Path(mediakit.__file__).parent


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_rooms_before_its_own(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = (
            [node.module]
            if isinstance(node, ast.ImportFrom) and node.module
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        for name in names:
            if name.startswith("mediakit."):
                assert ORDER.index(name.split(".")[1]) <= ORDER.index(room(path)), f"{path.name} imports {name}"


def test_importing_mediakit_is_light():
    code = "import sys, mediakit; print([m for m in ('pandas', 'matplotlib', 'scipy', 'nltk', 'trafilatura', 'sklearn', 'vaderSentiment') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_loading_needs_no_plotting():
    code = "import sys, mediakit as mk; mk.load_articles(mk.sample_path() / 'text'); print([m for m in ('matplotlib', 'sklearn') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize("name", mediakit.__all__)
def test_every_public_name_exists_and_is_documented(name):
    thing = getattr(mediakit, name)
    if callable(thing):
        doc = thing.__doc__ or ""
        assert len(doc) > 30
        if not isinstance(thing, type) and name not in (
            "plot_profiles",
            "plot_coverage",
            "save_figure",
            "check_report",
            "check_ledger",
            "write_articles",
            "detect_format",
        ):
            assert "Examples" in doc


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'load_everything'"):
        _ = mediakit.load_everything


EXTRAS = (
    "xlsx",
    "mojibake",
    "yaml",
    "feeds",
    "warc",
    "pdf",
    "refs",
    "networks",
    "topics",
    "models",
    "lab",
)  # what conda users get too


def test_conda_and_pip_get_the_same_packages(project):
    declared = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    extras = declared["optional-dependencies"]
    pip = {
        one.name.lower().replace("_", "-"): str(one.specifier)
        for one in map(
            Requirement,
            [*declared["dependencies"], *(one for name in EXTRAS for one in extras[name])],
        )
    }
    entries = yaml.safe_load((project / "environment.yml").read_text("utf-8"))["dependencies"]
    nested = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    plain = [entry for entry in entries if isinstance(entry, str)]
    conda = {}
    for entry in [*plain, *nested]:
        if entry in ("pip", "-e ."):
            continue
        one = Requirement(entry)
        conda[one.name.lower().replace("_", "-").replace("matplotlib-base", "matplotlib")] = str(one.specifier)
    assert conda.pop("python") == declared["requires-python"]
    assert conda == pip


def test_constraints_pin_every_dependency_and_hold_no_address(project):
    text = (project / "constraints.txt").read_text("utf-8")
    assert "://" not in text
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pinned = {re.split(r"==", line)[0].lower().replace("_", "-") for line in lines}
    assert all(re.match(r"^[\w.-]+==[\w.]+( ; .+)?$", line) for line in lines)
    declared = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        Requirement(one).name.lower().replace("_", "-")
        for one in [*declared["dependencies"], *declared["optional-dependencies"]["test"]]
    }
    assert wanted - {"mediakit-research"} <= pinned


def test_the_version_is_one(project):
    declared = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert mediakit.__version__ == declared
    assert f"version: {declared}" in (project / "CITATION.cff").read_text("utf-8")
    assert f"## {declared}" in (project / "CHANGELOG.md").read_text("utf-8")


def test_every_data_file_is_inside_the_package_and_says_where_it_comes_from():
    for path in PACKAGE.rglob("*.toml"):
        head = path.read_text("utf-8")[:300]
        assert "ritten for mediakit" in head, path.name


def test_the_reference_pages_are_up_to_date(project):
    done = subprocess.run([sys.executable, "docs/build.py", "--check"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_ten_lines_of_the_readme_give_the_output_shown(project):
    text = (project / "README.md").read_text("utf-8")
    block = re.search(r"```python\n(.+?)```\n\n```text\n(.+?)```", text, re.S)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", block[1]], capture_output=True, text=True, cwd=project, env=None
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == block[2].split()


def test_the_table_of_the_readme_is_the_table_of_the_report(project):
    import mediakit as mk

    text = (project / "README.md").read_text("utf-8")
    contrast = mk.run_study()["sentiment_by_outlet"].query("kind == 'difference'")
    for row in contrast.itertuples():
        line = f"| {row.group} | {row.n} | {row.estimate:+.2f} | [{row.low:+.2f}, {row.high:+.2f}] | {row.effect:+.1f} |".replace(
            "-", "−"
        )
        assert line in text.replace("-", "−"), line


def test_stale_artefacts_are_not_in_the_notebooks(project):
    import json

    for path in (project / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            assert cell.get("outputs", []) == []
            assert cell.get("execution_count") is None
