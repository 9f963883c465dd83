"""mediakit: compare how news outlets cover protest and diplomacy.

Every public name, in the order of the work. Names are imported when they are first used, so that `import mediakit` is
quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    # articles
    "load_articles": "load.loader",
    "load_in_parts": "load.stream",
    "write_articles": "load.loader",
    "read_ledger": "load.ledger",
    "check_ledger": "load.ledger",
    "read_terms": "load.terms",
    "detect_format": "load.registry",
    "register_reader": "load.registry",
    "make_articles": "articles",
    "check_articles": "articles",
    "sample_path": "sample",
    "sample_stories": "sample",
    "sample_codings": "sample",
    # the corpus as a body
    "find_duplicates": "corpus.duplicates",
    "label_duplicates": "corpus.duplicates",
    "find_stories": "corpus.stories",
    "label_stories": "corpus.stories",
    # text
    "find_sentences": "text.sentences",
    "tokenize": "text.tokens",
    # word lists
    "load_codebook": "lexicons.codebooks",
    "list_codebooks": "lexicons.codebooks",
    "write_codebook": "lexicons.codebook_writing",
    "load_targets": "lexicons.targets",
    "load_lexicon": "lexicons.sentiment_lexicons",
    "Lexicon": "lexicons.sentiment_lexicons",
    # measures
    "score_sentiment": "analyses.sentiment",
    "score_sentences": "analyses.vader",
    "check_length": "analyses.sentiment_checks",
    "compare_lexicons": "analyses.sentiment_checks",
    "show_evidence": "analyses.evidence",
    "find_in_context": "analyses.concordance",
    "score_stance": "analyses.stance",
    "score_mentions": "analyses.stance",
    "fit_stance": "analyses.stance_fit",
    "load_fitted_stance": "analyses.stance_fit",
    "transformers_stance": "analyses.stance_transformers",
    "find_statements": "analyses.discourse",
    "score_speakers": "analyses.discourse",
    "count_congruence": "analyses.discourse",
    "to_dna": "analyses.discourse",
    "find_quotes": "analyses.quotes",
    "count_topics": "analyses.topics",
    "find_topics": "analyses.topics",
    "find_uncovered": "analyses.topics",
    "check_codebook": "analyses.codebook_checks",
    "classify_events": "analyses.events",
    "score_keyness": "analyses.keyness",
    "find_collocations": "analyses.collocations",
    "count_cooccurrence": "analyses.collocations",
    "fit_topic_classifier": "analyses.topic_classifier",
    "classify_topics": "analyses.topic_classifier",
    "load_topic_classifier": "analyses.topic_classifier",
    "fit_topics": "analyses.topic_models",
    "score_topics": "analyses.topic_models",
    "choose_topics": "analyses.topic_models",
    "count_topic_shares": "analyses.topic_models",
    "find_typical": "analyses.topic_models",
    "load_topics": "analyses.topic_models",
    "load_actors": "lexicons.actors",
    "find_actors": "analyses.actors",
    "count_actors": "analyses.actors",
    "count_comentions": "analyses.actors",
    "find_acronyms": "analyses.acronyms",
    "merge_names": "analyses.names",
    "apply_merges": "analyses.names",
    "find_sources": "analyses.sources",
    "transformers_sources": "analyses.source_typers",
    "count_voices": "analyses.sources",
    "load_source_types": "analyses.source_types",
    "spacy_names": "analyses.actors",
    # comparison
    "compare_groups": "compare.groups",
    "compare_periods": "compare.periods",
    "find_change_points": "compare.change_points",
    "score_agreement": "compare.agreement",
    "find_disagreements": "compare.agreement",
    "count_confusions": "compare.agreement",
    "correct_groups": "compare.correction",
    "plan_coding": "compare.coding_plan",
    "sample_for_coding": "compare.coding",
    "write_coding_sheets": "compare.coding_sheets",
    "code_units": "compare.coding_widget",
    "read_codings": "compare.coding_reading",
    "apply_codings": "compare.coding",
    "score_validity": "compare.validity",
    "compare_settings": "compare.settings",
    "plot_settings": "report.settings",
    # report
    "plot_groups": "report.intervals",
    "plot_trend": "report.trends",
    "plot_stories": "report.matrices",
    "plot_profiles": "report.intervals",
    "plot_length": "report.lengths",
    "plot_voices": "report.voices",
    "plot_corrected": "report.corrected",
    "plot_keyness": "report.keyness",
    "plot_topic_choice": "report.topics",
    "plot_topic_shares": "report.topics",
    "plot_network": "report.networks",
    "write_graphml": "report.networks",
    "plot_coverage": "report.matrices",
    "save_figure": "report.figures",
    "write_table": "report.tables",
    "run_study": "study",
    "write_report": "study",
    "check_report": "study",
    # what can go wrong
    "MediakitError": "errors",
    "ArticleTableError": "errors",
    "ColumnError": "errors",
    "FormatError": "errors",
    "LexiconError": "errors",
    "ModelError": "errors",
    "LoadError": "errors",
    "LoadWarning": "errors",
    "MeasureWarning": "errors",
    "MissingExtraError": "errors",
    "NoArticlesError": "errors",
    "ReportWarning": "errors",
}

__all__ = ["__version__", *_WHERE]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'mediakit' has no attribute {name!r}")
    value = getattr(import_module(f"mediakit.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
