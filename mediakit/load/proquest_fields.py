"""Values of ProQuest: mending of lost and added spaces, names, outlets, dates, terms; from documents to records."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mediakit.load.dates import find_date_span, read_date
from mediakit.load.fields import read_time, split_byline
from mediakit.load.proquest import Document, bare, bare_url, marks, unspaced
from mediakit.load.references import natural_name
from mediakit.load.terms import Term, join_terms

_DOCVIEW = re.compile(r"docview/(\d{4,})")
_BRACKET = re.compile(r"\s*:?\s*\[([^\[\]]{2,80})\]\s*$")
_MONTH_FIRST = re.compile(r"^([^\W\d_]{3,12})\.?(\d{1,2}),(\d{4})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})\.?(?:de)?([^\W\d_]{3,12}?)\.?,?(?:de)?(\d{4})$")
_ADDRESS = re.compile(r"\b(?:Twitter|E-?mail|Instagram|Facebook)\s*:|\S{0,60}@\S")
_WORD = re.compile(r"[^\W\d_]+")
# What follows the names in a credit without any sign: "Ana Ruiz Political Reporter".
_OFFICE = re.compile(
    r"\s+(?:with files from\b"
    r"|(?:(?:queen['’]s park|city hall|political|politics|business|economics|staff|senior|education|health|sports?"
    r"|science|crime|courts?|national|foreign|parliamentary|legislative|ottawa|washington|special|features?|opinion|film|music"
    r"|travel|food)\s+)*(?:bureau(?: chief)?|reporters?|correspondents?|contributors?|columnists?|editor|critic)\b).*$",
    re.I,
)

# Kept under their own names.
_KEPT = (
    "database", "source_type", "document_type", "publisher", "publication_place", "country", "alternate_title",
    "column",
)  # fmt: skip


def make_records(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Turn documents into article records, mending spaces by what the other documents of the file print."""
    spelling = Spelling(documents)
    return [_make_record(document, spelling) for document in documents]


def _make_record(document: Document, spelling: Spelling) -> dict[str, Any]:
    fields = {name: spelling.mend(name, value) for name, value in document.fields.items()}
    link = _read_link(fields.get("links", ""))
    outlet, edition, place = split_outlet(fields.get("publication_title"))
    named, printed, page = _split_info(fields.get("publication_info", ""))
    headline = _match(document.fields.get("headline"), fields.get("title"), link.get("atitle")) or fields.get("title")
    bracket = _BRACKET.search(headline or "")
    note = None
    if headline and bracket and bracket.start() > 0:
        headline, note = headline[: bracket.start()].rstrip(" :"), bracket[1].strip()
    edition = edition or fields.get("edition")
    if note and re.search(r"\b(?:edition|ausgabe|édition|edición|edizione|edição|ed\.)", note, re.I) and not edition:
        edition, note = note, None
    dateline = fields.get("dateline")
    dated = dateline is not None and read_date(dateline) is not None
    url = bare_url(fields.get("url") or fields.get("address") or "") or None
    number = re.sub(r"\D", "", fields.get("vendor_id", "")) or None
    viewed = _DOCVIEW.search(f"{url} {bare_url(fields.get('address', ''))}")
    record: dict[str, Any] = {
        "headline": headline or None,
        "text": "\n\n".join(document.paragraphs) or None,
        "byline": natural_names(fields.get("author")) or _credited(fields.get("credit"), outlet),
        "outlet": outlet or named or link.get("jtitle") or link.get("title") or None,
        "date_raw": mend_date(fields.get("publication_date"), link.get("date")) or printed or link.get("date")
        or fields.get("publication_year"),
        "time": read_time(dateline.replace("@", " ")) if dated and dateline else None,
        "language": (fields.get("language") or "").split(";")[0].split(",")[0].strip() or None,
        "section": fields.get("section"),
        "page": fields.get("first_page") or page,
        "edition": edition,
        "place": None if dated else dateline,
        "url": url,
        "vendor_id": number or (viewed[1] if viewed else None),
        "modified": fields.get("modified"),
        "correction": fields.get("correction"),
        "terms": join_terms(_terms(document, spelling)),
        "description": _given(fields.get("abstract")),
        "caption": fields.get("caption"),
        "copyright": fields.get("copyright") or fields.get("copyright_line"),
        "issue": " ".join(fields[name] for name in ("volume", "issue") if name in fields) or None,
        "desk": note,
    }  # fmt: skip
    record.update({name: fields[name] for name in _KEPT if name in fields})
    record["publication_place"] = record.get("publication_place") or place
    return {name: value for name, value in record.items() if value is not None or name in ("text", "headline")}


class Spelling:
    """How the file writes its values, so that one with a space too many or too few can be mended.

    Of several spellings that differ in spaces only, that one is right whose words are the commonest in the file.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self.words: Counter[str] = Counter()
        self.forms: dict[str, Counter[str]] = defaultdict(Counter)
        for document in documents:
            for text in (*document.paragraphs, *document.fields.values(), *(value for _, value in document.terms)):
                self.words.update(_WORD.findall(text))
            for name, value in document.fields.items():
                if name in ("headline", "title"):
                    continue
                self._note(value)
                if name == "links":
                    link = _read_link(value)
                    self._note(link.get("jtitle") or link.get("title") or "")
                elif name == "publication_title":
                    for part in value.split(";"):
                        self._note(part)
                elif name == "publication_info":
                    self._note(_split_info(value)[0] or "")
            for _, value in document.terms:
                for part in (value, *value.split(";")):
                    self._note(part)

    def mend(self, name: str, value: str) -> str:
        """Return a value as the file writes it elsewhere."""
        if name in (
            "headline",
            "title",
            "caption",
            "abstract",
            "links",
            "address",
            "url",
            "vendor_id",
            "publication_date",
        ):
            return value
        value = " ".join(value.split())
        forms = self.forms.get(unspaced(value), Counter())
        best = max(forms, key=lambda form: (self._rarest(form), forms[form], -len(form)), default=value)
        return self._join_pieces(best)

    def _note(self, value: str) -> None:
        value = " ".join(value.split())
        if 0 < len(value) < 200:
            self.forms[unspaced(value)][value] += 1

    def _rarest(self, form: str) -> int:
        return min((min(self.words[word], 9) for word in _WORD.findall(form)), default=9)

    def _join_pieces(self, value: str) -> str:
        """Join "Newsstr eam", where neither piece is a word of the file and both together are."""
        tokens = value.split(" ")
        for index in range(len(tokens) - 1, 0, -1):
            left, right = _WORD.findall(tokens[index - 1])[-1:], _WORD.findall(tokens[index])[:1]
            if (
                not left
                or not right
                or not tokens[index - 1].endswith(left[0])
                or not tokens[index].startswith(right[0])
            ):
                continue
            if (
                right[0][:1].islower()
                and self.words[left[0]] <= 1 >= self.words[right[0]]
                and self.words[left[0] + right[0]] > 2
            ):
                tokens[index - 1 : index + 1] = [tokens[index - 1] + tokens[index]]
        return " ".join(tokens)


def natural_names(text: str | None) -> str | None:
    """Turn "Ruiz, Ana; Lee, Tom" into "Ana Ruiz, Tom Lee"; other forms of names stay as printed.

    Examples
    --------
    >>> natural_names("Ruiz, Ana; Lee, Tom J"), natural_names("The Example Press"), natural_names("Anonymous")
    ('Ana Ruiz, Tom J Lee', 'The Example Press', None)
    """
    names = dict.fromkeys(natural_name(name) for name in (text or "").split(";"))
    return ", ".join(name for name in names if name and bare(name) not in marks("anonymous")) or None


def split_outlet(text: str | None) -> tuple[str | None, str | None, str | None]:
    """Split the title of a publication into name, edition and place.

    Examples
    --------
    >>> split_outlet("Harbour Times,  Late Edition (East Coast); Port Bell, N.Y.")
    ('Harbour Times', 'Late Edition (East Coast)', 'Port Bell, N.Y.')
    >>> split_outlet("Valley News (Online); Valley")
    ('Valley News (Online)', None, 'Valley')
    """
    if not text or not text.strip():
        return None, None, None
    name, _, place = (" ".join(part.split()) for part in text.partition(";"))
    found = re.match(
        r"(.{1,200}?),\s+([^,]{0,100}\b(?:edition|ed\.|ausgabe|édition|edición|edizione|edição)\b.*)$", name, re.I
    )
    edition = None
    if found:
        name, edition = found[1], found[2]
    return name.strip(" ,") or None, edition, place.strip(" ;") or None


def mend_date(text: str | None, iso: str | None = None) -> str | None:
    """Return a printed date with its spaces in order; `iso` is the same date from another place of the file.

    Examples
    --------
    >>> mend_date("Ju n 14, 2 024"), mend_date("Mar 1 1, 2022"), mend_date("Mar 9, 2022")
    ('Jun 14, 2024', 'Mar 11, 2022', 'Mar 9, 2022')
    """
    if not text or not text.strip():
        return None
    text = " ".join(text.split())
    known, whole = read_date(text), unspaced(text)
    other = read_date(iso) if iso else None
    if known is not None and (other is None or known == other):
        return text
    found = _MONTH_FIRST.match(whole)
    rebuilt = f"{found[1]} {found[2]}, {found[3]}" if found else None
    if rebuilt is None and (found := _DAY_FIRST.match(whole)):
        rebuilt = f"{found[1]} {found[2]} {found[3]}"
    if rebuilt and read_date(rebuilt) is not None and (known is None or read_date(rebuilt) == other):
        return rebuilt
    return text


def _given(text: str | None) -> str | None:
    return None if not text or bare(text.rstrip(". ")) in marks("none") else " ".join(text.split())


def _match(first: str | None, *others: str | None) -> str | None:
    """Return the first text, spaced as the majority spaces it."""
    if not first:
        return None
    first = " ".join(first.split())
    same = [" ".join(other.split()) for other in others if other and unspaced(other) == unspaced(first)]
    forms = Counter([*same, first])
    return max(forms, key=lambda form: (forms[form], form == first))


def _credited(credit: str | None, outlet: str | None) -> str | None:
    """Return who is credited below a text, without what may follow the names: outlet, address, biography.

    Examples
    --------
    >>> _credited("Ana Ruiz Valley News OPINION Ana Ruiz is a writer.", "Valley News")
    'Ana Ruiz'
    >>> _credited("Ana Ruiz Political Reporter", None), _credited("Tom Lee The Associated Press", None)
    ('Ana Ruiz', 'Tom Lee, The Associated Press')
    """
    line = " ".join((credit or "").split()).strip(" ;,")
    words = line.split()
    again = line.find(" ".join(words[:2]), 1) if len(words) > 3 else -1
    ends = [
        line.find(outlet, 1) if outlet and len(outlet) > 4 else -1,
        again,
        *map(re.Match.start, _ADDRESS.finditer(line)),
    ]
    line = line[: min((end for end in ends if end > 0), default=len(line))]
    line = re.sub(r"(?<=[a-z])\s+[A-Z]{5,}$", "", line.strip(" ;,-"))
    office = _OFFICE.search(line)
    if office is not None and len(line[: office.start()].split()) > 1:
        line = line[: office.start()].strip(" ;,-")
    words = line.split()
    for length in (3, 2, 1):
        names, rest = " ".join(words[:-length]), " ".join(words[-length:])
        if len(words) > length + 1 and split_byline(rest)[0] is None:  # an agency
            return f"{names.rstrip(',;/')}, {rest}"
    return line or None


def _split_info(text: str) -> tuple[str | None, str | None, str | None]:
    """Split "Valley News ; Valley [Valley]. 09 Mar 2022: A.1." into outlet, date and page."""
    text = " ".join(text.split())[:600]
    span = find_date_span(text)
    date = text[span[0] : span[1]] if span else None
    found = re.match(r"\)?\s*:\s*([^:;]{1,30}?)\.?$", text[span[1] :]) if span else None
    place = re.match(r"(?:.*\.[\s\u2009]\s*)?(.+?)\s*(?:;|,.*\[|\[)", text[: span[0] if span else len(text)])
    name = split_outlet(place[1])[0] if place else None
    return name, date, found[1] if found else None


def _read_link(text: str) -> dict[str, str]:
    """Read the link resolver's address, which repeats outlet, date and title without line ends."""
    if "=" not in text:
        return {}
    address = unspaced(text).replace("&amp;", "&")
    try:
        query = parse_qs(urlsplit(address).query)
    except ValueError:
        return {}
    return {name: query[name][0].strip() for name in ("title", "jtitle", "date", "atitle") if query.get(name)}


def _terms(document: Document, spelling: Spelling) -> Iterable[Term]:
    subjects: list[str] = []
    for scheme, value in document.terms:
        value = " ".join(value.split())
        if scheme == "organization":
            yield from _organizations(value, spelling)
        elif scheme == "business":
            yield from _business(value, subjects)
        else:
            parts = [spelling.mend(scheme, part) for part in value.split(";") if part.strip()]
            subjects += parts if scheme == "subject" else []
            for part in parts:
                code = re.match(r"([\d.]{2,12}):\s+(.+)", part) if scheme == "classification" else None
                yield scheme, code[2] if code else part, code[1] if code else None, None


def _organizations(value: str, spelling: Spelling) -> Iterable[Term]:
    """Read "Name: Example Corp; Ticker: EXC; NAICS: 551111; Name: …"."""
    pieces = re.split(r"(?:^|;)\s*(Name|NAICS|Ticker|DUNS|SIC)\s*:\s*", value)
    if len(pieces) < 3:
        for part in value.split(";"):
            if part.strip():
                yield "organization", spelling.mend("organization", part), None, None
        return
    name: str | None = None
    codes: list[str] = []
    for key, content in (*zip(pieces[1::2], pieces[2::2], strict=True), ("Name", "")):
        if key == "Name":
            if name:
                yield "organization", name, ", ".join(codes) or None, None
            name, codes = spelling.mend("organization", content.strip(" ;")) if content.strip(" ;") else None, []
        else:
            codes.append(f"{key} {content.strip(' ;')}")


def _business(value: str, subjects: Sequence[str]) -> Iterable[Term]:
    """Read "Subject: Leadership Social networks": terms side by side, which the subjects tell apart."""
    for kind, content in re.findall(r"(?:^|;)\s*([^\W\d_]+)\s*:\s*([^;]*)", value) or [("", value)]:
        rest = content.strip()
        known = sorted(subjects, key=len, reverse=True)
        while rest:
            term = next((subject for subject in known if rest.startswith(subject)), None) if kind else None
            yield "business", term or rest, None, None
            rest = rest[len(term) :].strip() if term else ""
