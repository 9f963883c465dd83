"""What all tests share: quiet plots, the real files where they are at hand, a browser where there is one."""

import os
import shutil
from pathlib import Path

import pytest

os.environ["MPLBACKEND"] = "Agg"
HERE = Path(__file__).parent
PROJECT = HERE.parent
REAL_FILES = PROJECT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def real_files() -> Path:
    if not REAL_FILES.is_dir():
        pytest.skip("the real files are not distributed with the project (their publishers own them)")
    return REAL_FILES


@pytest.fixture(scope="session")
def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    found = os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, names) if path), None)
    if not found:
        pytest.skip("no Chromium on this machine; install one, or name it in the environment variable CHROMIUM")
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    """A headless browser that starts no traffic of its own."""
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *quiet])
        yield started
        started.close()


@pytest.fixture(scope="session")
def sample_articles():
    import mediakit as mk

    return mk.load_articles(mk.sample_path())


@pytest.fixture(scope="session")
def sample_study():
    import mediakit as mk

    return mk.run_study(n_resamples=300)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import sys

    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Return a function that makes a classifier of transformers with these outputs; its weights are made, not learned."""
    torch = pytest.importorskip("torch", reason="needs the extra transformers")
    transformers = pytest.importorskip("transformers", reason="needs the extra transformers")

    def build(names):
        folder = tmp_path_factory.mktemp("tiny")
        words = ["they", "praised", "attacked", "the", "union", "said", "a", "professor", "of", "law", "police"]
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, ".", "⟨", "⟩"]
        (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
        transformers.BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
        torch.manual_seed(0)
        config = transformers.BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
            num_labels=len(names), id2label=dict(enumerate(names)), label2id={name: at for at, name in enumerate(names)},
        )  # fmt: skip
        transformers.BertForSequenceClassification(config).save_pretrained(folder)
        return folder

    return build
