"""Sentences, tokens and patterns: what the analyses read instead of the raw text."""
