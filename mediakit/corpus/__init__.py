"""The articles as a body: what repeats, which articles report the same event, whether the corpus is sound."""
