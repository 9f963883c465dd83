"""What people write today to read these exports: python-docx and BeautifulSoup, the same fields, no ledger.

Each follows the usual recipes for its format: split at the marks of the vendor, take headline, outlet, date, byline,
section, length and text. They are as fast as such code gets with these libraries (BeautifulSoup on lxml).
"""

from __future__ import annotations

import re
from pathlib import Path

DATE = re.compile(r"\b\d{4}\b")


def nexis_docx(path: Path) -> list[dict]:
    """Nexis Uni Word documents, by python-docx."""
    import docx

    articles, held = [], []
    for paragraph in docx.Document(str(path)).paragraphs:
        text = paragraph.text
        if text.strip() == "End of Document":
            articles.append(_nexis_article([line for line in held if line.strip()]))
            held = []
        else:
            held.append(text)
    return articles


def _nexis_article(lines: list[str]) -> dict:
    rights = next((n for n, line in enumerate(lines) if line.strip().startswith("Copyright")), 2)
    date = next((n for n in range(rights - 1, -1, -1) if DATE.search(lines[n])), 0)
    record = {
        "date": lines[date].strip(),
        "outlet": lines[max(0, date - 1)].strip(),
        "headline": lines[max(0, date - 2)].strip(),
    }
    body = next((n for n, line in enumerate(lines) if line.strip() == "Body"), rights)
    for line in lines[rights:body]:
        label, colon, value = line.partition(":")
        if colon:
            record[label.strip().lower()] = value.strip()
    end = next((n for n, line in enumerate(lines) if line.strip().startswith("Load-Date")), len(lines))
    record["text"] = "\n\n".join(line.strip() for line in lines[body + 1 : end])
    return record


def factiva_html(path: Path) -> list[dict]:
    """Factiva HTML in both layouts, by BeautifulSoup."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "lxml")
    articles = []
    for node in soup.select("div.article"):
        if any(name.endswith("Article") for name in node.get("class", [])):
            record: dict = {}
            rows = node.select("tr")
            if rows:
                for row in rows:
                    cells = row.find_all("td")
                    if len(cells) == 2:
                        record[cells[0].get_text(strip=True)] = cells[1].get_text(" ", strip=True)
            else:
                parts = [part.get_text(" ", strip=True) for part in node.find_all("div", recursive=False)]
                record = dict(enumerate(parts))
                record["headline"] = (
                    node.select_one("#hd").get_text(" ", strip=True) if node.select_one("#hd") else None
                )
                record["text"] = "\n\n".join(p.get_text(" ", strip=True) for p in node.select("p.articleParagraph"))
            articles.append(record)
    return articles


def nexis_html(path: Path) -> list[dict]:
    """Old LexisNexis HTML, by BeautifulSoup."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "lxml")
    articles: list[dict] = []
    for block in soup.find_all("div"):
        text = block.get_text("", strip=True)
        if re.match(r"\d+ (?:of|von|de) \d+ DOCUMENTS?|Dokument \d+ von \d+|Document \d+ de \d+", text):
            articles.append({"lines": []})
        elif articles:
            articles[-1]["lines"].append(text)
    for record in articles:
        lines = record.pop("lines")
        record["outlet"], record["date"], record["headline"] = [*lines[:3], None, None, None][:3]
        for line in lines:
            label, colon, value = line.partition(":")
            if colon and label.isupper():
                record[label.lower()] = value.strip()
        record["text"] = max(lines, key=len, default="")
    return articles


def europresse_html(path: Path) -> list[dict]:
    """Europresse HTML, by BeautifulSoup."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "lxml")
    articles = []
    for node in soup.find_all("article"):

        def text(selector: str, node=node) -> str | None:
            found = node.select_one(selector)
            return found.get_text(" ", strip=True) if found else None

        body = node.select_one("div.docOcurrContainer") or node.select_one("div.DocText")
        articles.append({
            "outlet": text("span.DocPublicationName"), "date": text("span.DocHeader"),
            "headline": text(".titreArticleVisu"),
            "byline": text("div.docAuthors") or text("p.sm-margin-bottomNews"), "id": text("div.publiC-lblNodoc"),
            "text": "\n\n".join(p.get_text(" ", strip=True) for p in body.find_all("p")) if body else None,
        })  # fmt: skip
    return articles
