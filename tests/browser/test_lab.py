"""The notebook in a real JupyterLab, driven through a browser: opened, run to the end, looked at."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory, project):
    """A JupyterLab server of its own: own settings, own port, only this machine can reach it."""
    pytest.importorskip("jupyterlab", reason="the extra lab is not installed")
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(project / "notebooks", home / "work" / "notebooks")
    settings = home / "settings" / "@jupyterlab"
    for plugin, values in {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }.items():
        file = settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_WORKSPACES_DIR": "spaces",
        "IPYTHONDIR": "ipython",
    }
    environment = {
        **os.environ,
        **{name: str(home / folder) for name, folder in folders.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
    }
    environment.pop("MPLBACKEND", None)  # as a user has it: figures shown inline
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={home / 'work'}", "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True", "--KernelManager.transport_encryption=auto",
    ]  # fmt: skip
    log = (home / "log.txt").open("wb")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=os.name != "nt")
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, (home / "log.txt").read_text()[-2000:]
            time.sleep(0.25)
    yield address, token
    if os.name == "nt":
        server.terminate()
    else:
        os.killpg(server.pid, signal.SIGTERM)
    server.wait(timeout=30)
    log.close()


@pytest.mark.parametrize(("notebook", "least"), [("02_compare", 6), ("03_sentiment", 3), ("06_validate", 1)])
def test_a_notebook_runs_to_the_end_in_jupyterlab(lab, browser, tmp_path, notebook, least):
    address, token = lab
    session = "jupyterapp.shell.currentWidget?.context?.sessionContext"
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    # Without reset, the notebooks of the page before come back, and one of them may be the current one.
    page.goto(f"{address}/lab/tree/notebooks/{notebook}.ipynb?token={token}&reset")
    # The indicator in the toolbar is idle before any kernel exists; the session knows better.
    ready = f"""window.jupyterapp && jupyterapp.shell.currentWidget?.context?.path === 'notebooks/{notebook}.ipynb'
        && {session}.isReady && {session}.session?.kernel?.status === 'idle'"""
    page.wait_for_function(ready, timeout=90_000)
    run = "window.ran = undefined; jupyterapp.commands.execute('notebook:run-all-cells').then(all => window.ran = all)"
    page.evaluate(f"() => {{ {run}; }}")  # not waited for here: a page that never answers would wait without end
    page.wait_for_function("window.ran !== undefined", timeout=240_000)
    assert page.evaluate("window.ran")
    cells = page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON().cells")
    height = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
    page.set_viewport_size({"width": 1280, "height": min(height + 120, 15_000)})
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, 0)")
    page.wait_for_timeout(1500)
    folder = os.environ.get("MEDIAKIT_SCREENSHOTS", tmp_path)
    page.screenshot(path=f"{folder}/{notebook}.png")
    pictures = page.locator(".jp-OutputArea-output img").count()
    page.close()
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    outputs = [output for cell in code for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    assert all(cell["execution_count"] for cell in code)
    assert pictures >= least


def test_two_units_are_coded_by_click_and_by_key(lab, browser):
    pytest.importorskip("ipywidgets", reason="the extra lab is not installed")
    address, token = lab
    source = (
        "import pandas as pd, mediakit as mk\n"
        "sample = pd.DataFrame({'unit': ['u1', 'u2', 'u3'], 'text': ['One <b>.', 'Two.', 'Three.'], 'coders': 'A'})\n"
        "mk.code_units(sample, ['bad', 'good'], 'coding_A.csv', coder='A')"
    )
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    content = {"cells": [cell], "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}}, "nbformat": 4, "nbformat_minor": 4}  # fmt: skip
    put = urllib.request.Request(
        f"{address}/api/contents/coding.ipynb?token={token}", method="PUT", data=json.dumps({"type": "notebook", "content": content}).encode(),
    )  # fmt: skip
    urllib.request.urlopen(put, timeout=20).close()
    session = "jupyterapp.shell.currentWidget?.context?.sessionContext"
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(f"{address}/lab/tree/coding.ipynb?token={token}&reset")
    ready = f"window.jupyterapp && {session}?.isReady && {session}.session?.kernel?.status === 'idle'"
    page.wait_for_function(ready, timeout=90_000)
    assert page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.get_by_role("button", name="2 good").click(timeout=30_000)
    page.get_by_text("1 of 3 coded").wait_for(timeout=20_000)
    page.get_by_placeholder("Key").press("1")
    page.get_by_text("2 of 3 coded").wait_for(timeout=20_000)
    if "MEDIAKIT_SCREENSHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['MEDIAKIT_SCREENSHOTS']}/coding.png")
    page.close()
    with urllib.request.urlopen(f"{address}/api/contents/coding_A.csv?token={token}", timeout=20) as answer:
        saved = json.load(answer)["content"].lstrip("\ufeff").split()
    assert [line.split(",")[1] for line in saved] == ["code", "good", "bad"]
