"""Who is who among the speakers of an article: phrases in full, spellings together, and what tells of nobody."""

from __future__ import annotations

import re

import pandas as pd

from mediakit.analyses.names import apply_merges, merge_names
from mediakit.analyses.source_documents import document_authors
from mediakit.analyses.source_evidence import antecedent_of, widen_anonymous
from mediakit.analyses.source_forms import full_forms
from mediakit.analyses.source_speakers import Speaker, mend_speaker
from mediakit.errors import ArticleTableError


def identify_sources(quotes: pd.DataFrame, texts: dict[str, str]) -> pd.DataFrame:
    """Add to each quote who speaks: the whole phrase of an anonymous source, one name for all spellings, a key."""
    found = quotes.sort_values(["article_id", "start"], kind="stable")
    named = found["speaker_name"] if "speaker_name" in found.columns else pd.Series(pd.NA, index=found.index)
    places: list[tuple[int, int]] = []
    shown: list[str] = []
    names: list[str | None] = []
    early: dict[tuple[str, str], list[int]] = {}
    bare: dict[tuple[str, str], str] = {}
    brought: dict[str, list[str]] = {}  # article -> "a Russian diplomatic source", in order
    whole: dict[tuple[str, str], str] = {}  # "a spokesman" -> "a spokesman for the union", the one before
    renamed: dict[tuple[str, str], str] = {}  # "their efforts, health experts" -> "health experts"
    phrases = found["source_end"].astype("Int64").fillna(-1) if "source_end" in found else pd.Series(-1, found.index)
    for identifier, start, end, name, behind, cue in zip(
        found["article_id"],
        found["speaker_start"].astype("int64"),
        found["speaker_end"].astype("int64"),
        named,
        phrases.astype("int64"),
        _cues(found),
        strict=True,
    ):
        text = texts.get(identifier)
        if text is None:
            raise ArticleTableError(f"the table of quotes has article_id {identifier!r}, which no article has.")
        called = name if isinstance(name, str) else None
        start, end, name = mend_speaker(text, Speaker(start, end, called), cue)
        if called and name and name != called and called.endswith(f", {name}"):
            renamed[identifier, called] = name
        if text[start:end] == "who" and name is None:
            name = antecedent_of(text, start)
        place = widen_anonymous(text, start, end)
        printed = " ".join(text[slice(*place)].split())
        anonymous = place != (start, end) or _WITHHELD.fullmatch(printed) is not None
        if not anonymous and (not isinstance(name, str) or _ROLE.match(name)):
            called = name if isinstance(name, str) else printed
            if cue is not None and end < cue[0] <= end + _LONG and behind >= 0:
                behind = max(behind, cue[0])
            if further := _FURTHER.match(text, end, behind):
                if dated := _DATED.search(text, max(0, start - 16), start):
                    start = dated.start()
                place = (start, end + len(_CLAUSE.split(further[0])[0]))
                name = printed = " ".join(text[slice(*place)].split())
                whole[identifier, called.casefold()] = name
            elif not printed.casefold().startswith(_ANOTHER):
                name = whole.get((identifier, called.casefold()), name)
        if anonymous:  # "the source" after "a source at NATO" is the same one
            head = printed.split()[1].casefold() if len(printed.split()) > 1 else printed.casefold()
            if not _WITHHELD.fullmatch(printed):
                if printed.casefold().startswith("the "):  # spoken of before: by "the source", if that came first
                    for row in early.pop((identifier, head), []):
                        shown[row] = printed
                bare[identifier, head] = printed
            elif (identifier, head) in bare:
                printed = bare[identifier, head]
            elif known := [one for one in brought.get(identifier, ()) if f" {head[:_STEM]}" in one.casefold()]:
                printed = known[-1]  # "the diplomat" after "a diplomatic source"
            else:
                early.setdefault((identifier, head), []).append(len(shown))
        elif _BROUGHT_IN.fullmatch(printed):
            brought.setdefault(identifier, []).append(printed)
        places.append(place)
        shown.append(printed)
        names.append(None if anonymous else name if isinstance(name, str) and name else None)
    found = found.assign(speaker_start=[place[0] for place in places], speaker_end=[place[1] for place in places])
    found = found.assign(_shown=shown, _name=pd.Series(names, index=found.index, dtype="object"))
    for row, (identifier, called) in enumerate(zip(found["article_id"], names, strict=True)):
        names[row] = renamed.get((identifier, called or ""), called)
    found["_name"] = pd.Series(names, index=found.index, dtype="object")
    found["_name"] = _in_full(found, texts)
    authors = _by_author(found, texts)
    # Whose the statement is describes the speaker, not the statement.
    found["_shown"] = found["_shown"].where((authors == found["_name"]) | authors.isna(), "")
    found["_name"] = authors
    known = found[found["_name"].notna()]
    merges = merge_names(known, "_name", across=False)
    merged = apply_merges(known, merges, "_name")["canonical"]
    found.loc[merged.index, "_name"] = merged.astype("object")
    told = [
        _key(name if isinstance(name, str) else printed) for name, printed in zip(found["_name"], shown, strict=True)
    ]
    return found.assign(_key=told)


def _in_full(found: pd.DataFrame, texts: dict[str, str]) -> pd.Series:
    """Return the names of the speakers, short forms as the article prints them in full."""
    names = found["_name"].tolist()
    identifiers = found["article_id"].tolist()
    of_article: dict[str, list[str]] = {}
    for identifier, name in zip(identifiers, names, strict=True):
        if isinstance(name, str):
            of_article.setdefault(identifier, []).append(name)
    full = {identifier: full_forms(some, texts[identifier]) for identifier, some in of_article.items()}
    lifted = [
        full[identifier].get(name, name) if isinstance(name, str) else None
        for identifier, name in zip(identifiers, names, strict=True)
    ]
    return pd.Series(lifted, index=found.index, dtype="object")


def _by_author(found: pd.DataFrame, texts: dict[str, str]) -> pd.Series:
    """Return the names of the speakers, of statements those who gave them out."""
    rows: dict[str, list[int]] = {}
    for row, identifier in enumerate(found["article_id"]):
        rows.setdefault(identifier, []).append(row)
    names = [name if isinstance(name, str) else None for name in found["_name"]]
    shown, ends = found["_shown"].tolist(), found["speaker_end"].astype("int64").tolist()
    for identifier, mine in rows.items():
        authors = document_authors(
            [names[row] for row in mine], [shown[row] for row in mine], [ends[row] for row in mine], texts[identifier]
        )
        for row, author in zip(mine, authors, strict=True):
            names[row] = author
    return pd.Series(names, index=found.index, dtype="object")


def _cues(quotes: pd.DataFrame) -> list[tuple[int, int] | None]:
    """Return the place of each quote's verb of speech, None where there is none."""
    if not {"cue_start", "cue_end"} <= set(quotes.columns):
        return [None] * len(quotes)
    places = zip(quotes["cue_start"].tolist(), quotes["cue_end"].tolist(), strict=True)
    return [None if pd.isna(start) or pd.isna(end) else (int(start), int(end)) for start, end in places]


# "a spokesman for the union", "a woman from Harlow": whom else the article may call a spokesman, a woman.
_FURTHER = re.compile(
    r"\s+(?:for|of|at|from|with|in|near|by|among|on behalf of|familiar with|close to|(?:briefed|released|published"
    r"|issued|conducted|commissioned|carried out|led|funded|written|prepared|surveyed|interviewed|polled|involved"
    r"|working|living|based)\s(?:by|on|in|at|for|of|with|from|to))"
    r"\s[^\n.,;:!?“”\"()]{1,80}(?<!\s)"
)
_DATED = re.compile(r"\b(?:[Aa]n?|[Tt]he)\s(?:[A-Z][a-z]{2,8}\s)?$")  # "An October | 2017 study"
_CLAUSE = re.compile(
    r"\s(?:who|whose|which|that|when|as|and(?=\s[a-z])|is|are|was|were|has|have|had|will|would|can|could|may|might|must|should"
    r"|do|does|did|also)(?:\s|$)"
)
_ROLE = re.compile(
    r"(?:an?|the|one|another|two|three|four|five|six|many|some|several|few|most|others|\d[\d,]*)(?:\s|$)"
    r"|(?:\d{4}\s)?(?:study|report|survey|poll|analysis)$",
    re.I,
)
_ANOTHER = ("another ", "a second ", "a third ", "one ", "a ", "an ")
_LONG = 90  # characters of a phrase
_STEM = 6  # letters
_BROUGHT_IN = re.compile(r"(?:an?|one)\s(?:[\w-]+\s){0,4}(?:source|official|person|aide|insider|diplomat)", re.I)
_WITHHELD = re.compile(r"(?:the|a|an|this|that)\s+(?:source|official|person|aide|insider|diplomat)", re.I)


def _key(name: str) -> str:
    return re.sub(r"^(?:the|a|an|mr|mrs|ms|dr)\.?\s+|(?:’|')s$", "", " ".join(name.split()), flags=re.I).casefold()
