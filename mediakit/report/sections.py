"""The sections of the report page, in order: what each says, shows and lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from mediakit.lexicons.codebooks import load_codebook
from mediakit.report.findings import Finding, find_findings
from mediakit.report.gallery import by_codebook
from mediakit.report.html import Markup, join, table, tag
from mediakit.report.parts import Figures, find_words, read_texts, show_figure
from mediakit.report.speakers import show_speakers
from mediakit.report.subjects import show_keyness, show_topic_model
from mediakit.report.validated import say_validation, show_validation
from mediakit.report.versions import describe_versions
from mediakit.report.wording import count_of, range_of, say_numbers, sentence_case

FEW = 12  # articles up to which each is listed
_DIFFERENCE = {
    "group": "Outlet",
    "n": "Articles",
    "estimate": "Difference",
    "low": "Low",
    "high": "High",
    "effect": "Hedges’ g",
    "note": "Note",
}


def list_sections(study: Any, figures: Figures) -> Iterator[tuple[str, str, Markup]]:
    """Yield anchor, heading and content of every section, in order."""
    tables = study.tables
    yield "summary", "Three findings", _summary(find_findings(study), study)
    yield "corpus", "The corpus and its health", _corpus(study, figures)
    yield "ledger", "What became of every file", _ledger(study)
    if "sentiment_by_outlet" in tables:
        yield "sentiment", "Sentiment", _sentiment(study, figures)
        yield "stories", "Inside the same stories", _stories(study, figures)
    if "corrected_by_outlet" in tables:
        yield "validation", "Set against hand codes", show_validation(study, figures)
    yield "stance", "Stance toward targets", _stance(study, figures)
    yield "topics", "Topics", _topics(study, figures)
    if "keyness" in tables:
        yield "keyness", f"Which words set {study.settings['by']}s apart", show_keyness(study, figures)
    if "topic_model" in tables:
        yield "subjects", "What the articles are about", show_topic_model(study, figures)
    if "voices_by_outlet" in tables:
        yield "voices", "Who speaks", show_speakers(study, figures)
    if "extreme_sentences" in tables:
        yield "evidence", "The sentences behind the extremes", _evidence(study)
    yield "methods", "Methods, limits and warnings", _methods(study)
    yield "versions", "Versions and input files", _versions(study)


def _summary(findings: list[Finding], study: Any) -> Markup:
    items = [
        tag(
            "li",
            tag("strong", finding.sentence),
            tag("span", finding.numbers, " "),
            tag("a", "Evidence", href=f"#{finding.anchor}"),
        )
        for finding in findings
    ]
    compared = "sentiment_by_outlet" in study.tables and (study["sentiment_by_outlet"]["kind"] == "difference").any()
    if "corrected_by_outlet" in study.tables:
        told = [tag("strong", "Only sentiment is set against hand codes. "), say_validation(study), " "]
        link = tag("a", "Evidence", href="#validation")
        warn = tag("p", *told, find_words("summary", "validated"), " ", link, cls="warn")
    else:
        warn = tag("p", tag("strong", "Not validated. "), find_words("summary", "not_validated"), cls="warn")
    alone = tag("p", tag("strong", "Nothing is compared. "), find_words("summary", "one_group"), cls="warn")
    return join(
        [tag("ol", *items, cls="findings"), tag("p", find_words("summary", "chosen")) if compared else alone, warn]
    )


def _sentiment(study: Any, figures: Figures) -> Markup:
    tables, by = study.tables, study.settings["by"]
    contrast = tables["sentiment_by_outlet"]
    parts: list[object] = [
        tag("p", find_words("sentiment", "about")),
        show_figure(figures, "sentiment_by_outlet", say_numbers(contrast)),
        _differences(contrast, by, "Each outlet against the mean of the others, all articles."),
    ]
    parts += [tag("h3", "Does length matter?"), _length(tables["length_check"], by)]
    if len(tables["robustness"]):
        parts += [tag("h3", find_words("sentiment", "robust")), _robustness(tables["robustness"], by)]
    if "sentiment_by_month" in tables:
        shown = show_figure(figures, "sentiment_by_month", "Lines connect monthly means.")
        parts += [tag("h3", "Over time"), shown]
    if len(study.articles) <= FEW:
        parts += [tag("h3", "Article by article"), _article_by_article(study)]
    return join(parts)


def _length(checked: pd.DataFrame, by: str) -> Markup:
    """Say whether scores depend on the length of the article."""
    whole = checked.iloc[0]
    verdict = tag("p", find_words("sentiment", "length"), " ", tag("strong", _capital(f"{whole['verdict']}.")))
    columns = {"group": by.capitalize(), "n": "Articles", "correlation": "Correlation", "low": "Low", "high": "High"}
    rows = checked.replace({"group": {"within all": f"All, within {by}"}})
    caption = "Correlation of the score with the logarithm of the number of words; 95% interval."
    return join([verdict, table(rows, columns, caption=caption, signed=["correlation", "low", "high"])])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _article_by_article(study: Any) -> Markup:
    headlines = study.articles[["article_id", "headline"]]
    rows = study["sentiment"].merge(headlines, on="article_id", how="left").sort_values("sentiment", kind="stable")
    columns = {
        "headline": "Headline",
        "sentiment": "Sentiment",
        "headline_sentiment": "Headline alone",
        "share_positive": "Positive",
        "share_negative": "Negative",
        "n_sentences": "Sentences",
    }
    caption = "Mean score of the sentences; shares of positive and negative sentences (beyond ±0.05)."
    return table(rows, columns, caption=caption, signed=["sentiment", "headline_sentiment"])


def _corpus(study: Any, figures: Figures) -> Markup:
    articles, by = study.articles, study.settings["by"]
    grouped = articles.assign(
        undated=articles["date"].isna(),
        copy=articles["duplicate_of"].notna(),
        other=articles["language"].notna() & (articles["language"] != "en"),
    ).groupby(articles[by].fillna("(not known)"), sort=True)
    health = grouped.agg(
        n=("article_id", "size"),
        words=("words", "median"),
        truncated=("truncated", "sum"),
        copies=("copy", "sum"),
        undated=("undated", "sum"),
        other=("other", "sum"),
    ).reset_index(names="group")
    health["words"] = health["words"].round().astype("int64")
    columns = {
        "group": by.capitalize(),
        "n": "Articles",
        "words": "Median words",
        "truncated": "Truncated",
        "copies": "Copies",
        "undated": "Undated",
        "other": "Not English",
    }
    parts: list[object] = [
        show_figure(figures, "coverage", "Shade and number: articles. A dash is a month without any."),
        table(health, columns, caption="Articles by outlet, and what to know of them."),
    ]
    duplicates = study.tables["duplicates"]
    if len(duplicates):
        titles = articles.set_index("article_id")
        shown = duplicates.assign(
            outlet=duplicates["article_id"].map(titles[by]),
            headline=duplicates["article_id"].map(titles["headline"]),
            first=duplicates["duplicate_of"].map(titles[by]),
        )
        parts += [
            tag("h3", "Copies"),
            tag("p", find_words("corpus", "copies")),
            table(
                shown,
                {
                    "headline": "Headline",
                    "outlet": "Run by",
                    "first": "First run by",
                    "kind": "Kind",
                    "similarity": "Similarity",
                },
                caption="Articles that repeat an earlier text; similarity is the share of five-word runs in common.",
            ),
        ]
    cut = articles[articles["truncated"]]
    if len(cut):
        parts += [
            tag("h3", "Truncated texts"),
            table(
                cut,
                {"headline": "Headline", by: by.capitalize(), "words": "Words", "truncated_why": "Evidence"},
                caption="Articles whose text is known to be cut.",
                wide=["truncated_why"],
            ),
        ]
    return join(parts)


def _ledger(study: Any) -> Markup:
    ledger = study.tables["ledger"]
    parts = ledger[ledger["part"] > 0]
    sizes = parts.assign(size=(parts["end"] - parts["start"]).astype("float64"))
    summary = (
        sizes.groupby(["unit", "kind"], sort=False).agg(parts=("kind", "size"), size=("size", "sum")).reset_index()
    )
    summary["share"] = 100 * summary["size"] / summary.groupby("unit")["size"].transform("sum")
    summary["size"] = summary["size"].astype("int64")
    summary = summary.sort_values(["unit", "size"], ascending=[True, False], kind="stable", ignore_index=True)
    files_read = ledger[ledger["kind"] == "file"]
    unreadable = ledger[ledger["kind"].isin(["unreadable", "skipped"])]
    counts = ledger[ledger["kind"] == "count"]
    broken = int((ledger["kind"] == "unreadable").sum())
    text = f"{count_of(len(files_read), 'file')} read, {broken} could not be read. {find_words('ledger', 'about')}"
    content: list[object] = [
        tag("p", text),
        table(
            summary,
            {"kind": "Part", "unit": "Counted in", "parts": "Parts", "size": "Length", "share": "% of all"},
            caption="What the files consist of.",
            digits={"share": 1},
        ),
    ]
    if len(unreadable):
        content.append(
            table(
                unreadable,
                {"file": "File", "kind": "What happened", "start": "At", "note": "Reason"},
                caption="Files and rows that are not in the corpus.",
                wide=["note"],
            )
        )
    if len(counts):
        content.append(
            table(
                counts,
                {"file": "File", "note": "Count"},
                caption="Numbers of articles that files declare.",
                wide=["note"],
            )
        )
    return join(content)


def _stories(study: Any, figures: Figures) -> Markup:
    tables, by = study.tables, study.settings["by"]
    how = study.settings["stories"]
    parts: list[object] = [tag("p", f"{find_words('stories', 'about')} Stories were {how}.")]
    if "sentiment_within_story" in tables:
        contrast = tables["sentiment_within_story"]
        parts += [
            show_figure(figures, "sentiment_within_story", say_numbers(contrast)),
            _differences(
                contrast, by, "Each outlet against the mean of the others, inside stories; whole stories are resampled."
            ),
        ]
    else:
        parts.append(tag("p", find_words("stories", "none")))
    parts.append(show_figure(figures, "stories", "Blue is positive, red negative wording; no dot means no article."))
    return join(parts)


def _stance(study: Any, figures: Figures) -> Markup:
    tables, by = study.tables, study.settings["by"]
    contrast = tables["stance_by_outlet"]
    parts: list[object] = [tag("p", find_words("stance", "about"))]
    if contrast.empty:
        return join([*parts, tag("p", find_words("stance", "none"))])
    means = _beside(contrast, rules=tables.get("stance_by_rules"), quoted=tables.get("stance_quoted"))
    parts += [
        show_figure(
            figures,
            "stance_by_outlet",
            "Mean over articles that mention the target; no line where an outlet has fewer than three.",
        ),
        table(
            means,
            {
                "target": "Target",
                "group": by.capitalize(),
                "n": "Articles",
                "estimate": "Stance",
                "low": "Low",
                "high": "High",
                "rules": "By rules",
                "quoted": "Of quoted words",
            },
            caption="Mean stance by target, −1 against to +1 for, with 95% interval; beside it the mean by rules, and "
            "that of the words quoted.",
            signed=["estimate", "low", "high", "rules", "quoted"],
        ),
        tag("h3", "Read for yourself"),
        table(
            tables["stance_evidence"],
            {
                "target": "Target",
                by: by.capitalize(),
                "stance": "Stance",
                "n_mentions": "Mentions",
                "evidence": "Sentence",
            },
            caption="The least and the most favourable article toward each target, and the sentence that weighs most.",
            signed=["stance"],
            wide=["evidence"],
        ),
    ]
    return join(parts)


def _beside(contrast: pd.DataFrame, **others: pd.DataFrame | None) -> pd.DataFrame:
    """Return the means of a contrast with those of other contrasts of the same targets and groups beside them."""
    means = contrast[contrast["kind"] == "mean"]
    ends = means[["low", "high"]].clip(*range_of("stance"))  # of few articles an interval may leave the scale
    means = means.assign(low=ends["low"], high=ends["high"])
    keys = ["target", "group"]
    for name, other in others.items():
        more = pd.DataFrame(columns=[*keys, "estimate"]) if other is None else other[other["kind"] == "mean"]
        means = means.merge(more[[*keys, "estimate"]].rename(columns={"estimate": name}), on=keys, how="left")
    return means


def _topics(study: Any, figures: Figures) -> Markup:
    by = study.settings["by"]
    parts: list[object] = [tag("p", find_words("topics", "about"))]
    for book, rows in by_codebook(study.tables["topics_by_outlet"]):
        codebook = load_codebook(book)
        parts += [
            tag("h3", f"Codebook {book}, version {codebook.version}"),
            tag("p", f"{codebook.citation}. {sentence_case(codebook.validation)}."),
            show_figure(figures, f"topics_{book}", "Mean over articles with 95% interval."),
        ]
        found = rows[(rows["kind"] == "difference") & ((rows["low"] > 0) | (rows["high"] < 0))]
        found = found.sort_values("effect", key=lambda column: column.abs(), ascending=False, kind="stable")
        if len(found):
            parts.append(
                table(
                    found,
                    {
                        "topic": "Category",
                        "group": by.capitalize(),
                        "estimate": "Difference",
                        "low": "Low",
                        "high": "High",
                        "effect": "Hedges’ g",
                    },
                    caption=find_words("topics", "found"),
                    signed=["estimate", "low", "high", "effect"],
                    most=14,
                )
            )
    return join(parts)


def _evidence(study: Any) -> Markup:
    by = study.settings["by"]
    rows = study.tables["extreme_sentences"]
    note = tag("p", find_words("evidence", "about"))
    return join(
        [
            note,
            table(
                rows,
                {by: by.capitalize(), "sentiment": "Score", "text": "Sentence", "headline": "Article"},
                caption="The most negative and most positive sentences.",
                signed=["sentiment"],
                wide=["text"],
            ),
        ]
    )


def _robustness(rows: pd.DataFrame, by: str) -> Markup:
    columns = {
        "choice": "Articles and measure",
        "group": by.capitalize(),
        "n": "Articles",
        "estimate": "Difference",
        "low": "Low",
        "high": "High",
        "effect": "Hedges’ g",
    }
    ordered = rows.sort_values(["group", "choice"], kind="stable")
    return table(
        ordered,
        columns,
        caption="The same differences under other choices of articles, and by another measure than VADER.",
        signed=["estimate", "low", "high", "effect"],
        most=200,
    )


def _differences(contrast: pd.DataFrame, by: str, caption: str) -> Markup:
    rows = contrast[contrast["kind"] == "difference"]
    columns = {**_DIFFERENCE, "group": by.capitalize()}
    notes = rows["note"].unique()
    if len(notes) < 2:  # the same for all: said once
        columns.pop("note")
        caption += f" {sentence_case(notes[0])}." if len(notes) and notes[0] else ""
    return table(rows, columns, caption=caption, signed=["estimate", "low", "high", "effect"])


def _methods(study: Any) -> Markup:
    settings = study.settings
    items = [item.format(**settings) for item in read_texts()["methods"]["items"]]
    parts: list[object] = [tag("ul", *(tag("li", item) for item in items))]
    if study.notes:
        parts += [tag("h3", "Warnings of this run"), tag("ul", *(tag("li", note) for note in study.notes))]
    parts += [
        tag("h3", "Sources"),
        tag("ul", *(tag("li", tag("strong", f"{name}: "), source) for name, source in read_texts()["sources"].items())),
    ]
    return join(parts)


def _versions(study: Any) -> Markup:
    versions = ", ".join(f"{name} {version}" for name, version in describe_versions().items())
    return join(
        [
            tag("p", versions),
            table(
                study.inputs.assign(sha256=study.inputs["sha256"].str[:16] + "…"),
                {"file": "File", "bytes": "Bytes", "sha256": "SHA-256"},
                caption="Input files; whole hashes are in provenance.json.",
                most=200,
            ),
        ]
    )
