"""The report page in a real browser: nothing runs, nothing is fetched, nothing spills over, at two widths and in both schemes."""

import itertools
import shutil

import pytest

import mediakit as mk

pytestmark = pytest.mark.browser
HOSTILE = "</script><img src=x onerror=window.owned=1><script>window.owned=1</script><svg onload=window.owned=1> =cmd() $x_1^2$ **bold** \\textbf{x}"


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory):
    """A corpus whose headlines, texts, bylines, outlets and file names hold code."""
    folder = tmp_path_factory.mktemp("hostile")
    source = folder / "articles"
    shutil.copytree(mk.sample_path() / "daily-beacon", source)
    text = f"{HOSTILE} was shouted in the hall. {HOSTILE} It was a terrible, hateful, violent day for the police. "
    for number in range(4):
        name = f"<img src=x onerror=window.owned=1>_2025-03-0{number + 1}_x{number}.txt"
        (source / name.replace("/", "")).write_text(
            f"{HOSTILE} number {number}\n\nBy {HOSTILE[:40]}\n\n{text}\n\nAnd the day {number} went on, dreadful as it was.",
            encoding="utf-8",
        )
    study = mk.run_study(source, n_resamples=200)
    return mk.write_report(study, folder / "out", notebook=False, progress=False)


@pytest.fixture(scope="module")
def sample_report(tmp_path_factory, sample_study):
    return mk.write_report(sample_study, tmp_path_factory.mktemp("sample"), notebook=False, progress=False)


def open_page(browser, path, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    trouble = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: trouble.append(request.url) if not request.url.startswith(("data:", path.as_uri())) else None,
    )
    page.goto(path.as_uri())
    return page, trouble


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_is_quiet_and_fits(browser, sample_report, width, scheme):
    page, trouble = open_page(browser, sample_report, width, scheme)
    assert trouble == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    pictures = page.evaluate("[...document.images].map(i => [i.naturalWidth, i.alt.length])")
    assert len(pictures) >= 7
    assert all(size > 0 and alt > 20 for size, alt in pictures)
    visible = page.locator("nav.side").is_visible(), page.locator("details.toc").is_visible()
    assert visible == ((True, False) if width == 1280 else (False, True))
    page.close()


def test_headings_are_in_order_and_links_lead_somewhere(browser, sample_report):
    page, _ = open_page(browser, sample_report, 1280, "light")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].every(a => document.getElementById(a.hash.slice(1)))"
    )
    assert page.locator("ol.findings li").count() == 3
    page.close()


def test_no_script_of_an_article_runs(browser, hostile_report):
    page, trouble = open_page(browser, hostile_report, 1280, "light")
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned === undefined")
    assert trouble == []
    assert page.evaluate("document.scripts.length") == 0
    assert "onerror=window.owned=1" in page.inner_text("body")
    page.close()


def test_the_page_prints(browser, sample_report, tmp_path):
    page, _ = open_page(browser, sample_report, 1280, "light")
    pdf = page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert len(pdf) > 50_000
    page.close()
