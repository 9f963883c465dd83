"""What the tests of many readers do: write a file, load it, see that its ledger adds up, and read that ledger."""

import mediakit as mk


def load_written(folder, text, name):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


def kinds(articles):
    return mk.read_ledger(articles).query("part > 0")["kind"].tolist()


def notes(articles):
    return " ".join(mk.read_ledger(articles)["note"])
