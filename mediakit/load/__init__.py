"""Files to articles: `load_articles` reads a folder, `read_ledger` says what became of every part of it."""
