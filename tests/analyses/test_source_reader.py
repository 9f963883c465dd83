"""The reader of source types: what is put before it, that company changes nothing, and which files it refuses."""

import numpy as np
import pytest

import mediakit as mk
from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.source_evidence import Evidence, gather_evidence
from mediakit.analyses.source_model import Told, type_sources, write_source_model
from mediakit.analyses.source_reader import KIND, LONGEST, VERSION, load_source_reader, read_source_reader
from mediakit.analyses.source_types import TYPES, SourceType
from mediakit.errors import ModelError
from tests.analyses.test_source_model import small

UNTOLD = SourceType("unknown", True, "nothing tells")


def pieces(text: str, start: int, end: int) -> str:
    reader = load_source_reader()
    numbers = reader.pieces_of(gather_evidence(text, start, end), start, end)
    return " ".join(reader.encoder.pieces.pieces[number] for number in numbers)


def test_a_persons_name_is_never_read():
    text = "“No,” said Merkel of Lissmar. Merkel left."
    start = text.index("Merkel")
    found = pieces(text, start, start + 6)

    assert "merkel" not in found
    assert "said [MASK] of" in found


def test_the_name_of_a_body_is_read():
    text = "The Cato Institute said no."

    assert pieces(text, 4, 18).startswith("[CLS] cat ##o institute [SEP]")


def test_long_passages_are_cut():
    text = "The Harbour Tribune " + "antidisestablishmentarianism said that the port was shut and " * 100
    reader = load_source_reader()

    assert len(reader.pieces_of(Evidence("The Harbour Tribune", (), "Harbour Tribune", text=text), 0, 19)) <= LONGEST


@pytest.mark.parametrize(
    "text", ["", "x", "“”", "\u202eruiz\u202c said", "1 2 3", "Ä" * 5000, "[MASK] [SEP]", "中文 新闻"]
)
def test_odd_sources_are_read_without_complaint(text):
    reader = load_source_reader()
    found = reader.read(reader.pieces_of(Evidence(text, (), text or None, text=text), 0, len(text)))

    assert found.shape == (len(TYPES) + 1,)
    assert np.exp(found[:-1]).sum() == pytest.approx(1)


def test_a_source_is_typed_the_same_alone_and_among_others():
    text = "“No,” said Ana Ruiz, a professor of law. The mayor of Lissmar said yes. Police declined to comment."
    spans = [(text.index(one), text.index(one) + len(one)) for one in ("Ana Ruiz", "The mayor of Lissmar", "Police")]
    told = [Told(gather_evidence(text, *span), UNTOLD, *span) for span in spans]
    together = type_sources(told * 3, reader=True)

    assert together[:3] == [found for one in told for found in type_sources([one], reader=True)]
    assert together[-3:] == together[:3]


def test_what_stands_around_decides_where_no_title_does():
    text = "“We stay until dawn,” said Ana Ruiz, beating a drum among the marchers who had blocked the bridge."
    articles = mk.make_articles([{"text": text, "language": "en"}])
    found = mk.find_sources(articles, mk.find_quotes(articles, progress=False), method="reader")

    assert found["source_type"].tolist() == ["protester"]


def test_a_damaged_or_foreign_file_is_refused(tmp_path):
    with pytest.raises(ModelError, match="is no reader of source types"):
        read_source_reader(write_source_model(small({"rule:police": {"police": 3}}), tmp_path / "other.npz"))
    shipped = mk.__path__[0] + "/models/source_reader.npz"
    with read_model(shipped, KIND, VERSION, as_stored=True) as (about, arrays):
        told, held = dict(about), dict(arrays)
    for change in ({"out": held["out"][:, :-1]}, {"middle": held["middle"] * np.float16(np.nan)}):
        path = write_model(tmp_path / "damaged.npz", KIND, VERSION, told, held | change)
        with pytest.raises(ModelError, match="is damaged"):
            read_source_reader(path)
    pieces = ["[gone]" if one == "[MASK]" else one for one in told["pieces"]]
    path = write_model(tmp_path / "damaged.npz", KIND, VERSION, told | {"pieces": pieces}, held)
    with pytest.raises(ModelError, match="is damaged"):
        read_source_reader(path)
