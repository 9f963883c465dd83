"""The recipe for a new file format, taken from CONTRIBUTING.md, works as written."""

import re
import sys

import pytest

import mediakit as mk
from mediakit.load import formats, registry
from mediakit.load.ledger import Part, Reading

MESSAGES = "ZCZC 001\nFerries sail again\nThe strike ended on Friday.\nBoth sides were content.\nNNNN\nZCZC 002\nTalks resume\nThey met.\nNNNN\nstray\n"


@pytest.fixture
def written(project, tmp_path, monkeypatch):
    """Write the reader of the recipe where the built-in ones are looked for."""
    text = (project / "CONTRIBUTING.md").read_text("utf-8")
    code = re.search(r"```python\n(.+?)```", text, re.S)[1]
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats" / "example_wire.py").write_text(code, "utf-8")
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path / "formats")])
    registry._built_in.cache_clear()
    yield tmp_path
    sys.modules.pop("mediakit.load.formats.example_wire", None)
    registry._built_in.cache_clear()


def test_the_module_is_found_and_reads_every_line(written):
    (written / "wire.txt").write_text(MESSAGES, "utf-8")
    articles = mk.load_articles(written / "wire.txt")

    assert mk.detect_format(written / "wire.txt")["format"][0] == "example-wire"
    assert articles["headline"].tolist() == ["Ferries sail again", "Talks resume"]
    assert articles["text"][0] == "The strike ended on Friday.\n\nBoth sides were content."
    ledger = mk.check_ledger(mk.read_ledger(articles))
    assert ledger.query("kind == 'unparsed'")["excerpt"].tolist() == ["stray"]


def test_a_reader_can_be_registered_at_run_time(tmp_path):
    (tmp_path / "wire.txt").write_text("@@ Ferries sail again", "utf-8")

    def read(source, options):
        text = source.text
        return Reading([{"headline": text[3:]}], [Part("article", 0, len(text), 0)], "character", len(text))

    mk.register_reader(registry.Reader("at", lambda source: (source.sample.startswith("@@"), "begins with @@"), read))
    try:
        assert mk.load_articles(tmp_path / "wire.txt")["headline"].tolist() == ["Ferries sail again"]
    finally:
        del registry._added["at"]
