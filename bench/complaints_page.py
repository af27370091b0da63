"""Time the complaints page in a real browser: from a click to the page redrawn.

Used by ``bench/complaints.py --browser``. A filter change is timed from the click until the
number of cases shown has changed, the server has run the script to its end, and nothing stale is
left on the screen.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DRAWN = (
    '() => document.querySelector(\'[data-testid="stApp"][data-test-script-state="notRunning"]\')'
    ' && !document.querySelector(\'[data-testid="stSkeleton"], [data-stale="true"]\')'
)
_SHOWN = "Showing "


@contextmanager
def served(store: Path, log: Path) -> Iterator[str]:
    """Run the app on a store and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CSAT_")}
    environment |= {"CSAT_STORE": str(store), "CSAT_SAMPLE": "none"}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
             "--server.headless", "true"],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait(url)
            yield url
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("the server did not start")


class Visitor:
    """A page in a browser, and how long what is done on it takes."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, query: str) -> float:
        """Open the complaints page anew; return the milliseconds until it is drawn."""
        started = time.perf_counter()
        self.page.goto(f"{self.url}/complaints?{query}")
        self.page.get_by_text(_SHOWN).first.wait_for(timeout=120_000)
        self._drawn()
        return 1000 * (time.perf_counter() - started)

    def change(self, act: Callable[[], None]) -> float:
        """Do something that changes how many cases are shown; return the milliseconds it takes."""
        before = self._said()
        started = time.perf_counter()
        act()
        self.page.wait_for_function(
            "before => { const found = [...document.querySelectorAll('p')]"
            ".find(p => p.innerText.startsWith('Showing '));"
            " return found && found.innerText !== before; }",
            arg=before,
            timeout=120_000,
        )
        self._drawn()
        return 1000 * (time.perf_counter() - started)

    def redraw(self, act: Callable[[], None], selector: str) -> float:
        """Do something that draws another part; return the milliseconds until it stands."""
        started = time.perf_counter()
        act()
        self.page.locator(selector).first.wait_for(timeout=120_000)
        self._drawn()
        return 1000 * (time.perf_counter() - started)

    def _said(self) -> str:
        return str(self.page.locator("p", has_text=_SHOWN).first.inner_text())

    def _drawn(self) -> None:
        self.page.wait_for_function(_DRAWN, timeout=120_000)


def measure_page(store: Path, repeats: int, word: str) -> dict[str, tuple[float, float]]:
    """Return what was done -> milliseconds the first time, and the median of the later ones.

    Parameters
    ----------
    word
        One that many texts hold.

    The first time answers nothing from the cache of the pages; later times come back to filters
    chosen before, as a reader does who looks here and there.
    """
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {}

    def note(name: str, milliseconds: float) -> None:
        found.setdefault(name, []).append(milliseconds)

    path = next((p for name in _BROWSERS if (p := shutil.which(name))), None)
    with (
        served(store, store.with_suffix(".log")) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
        ben = Visitor(page, url)

        def press(key: str, name: str) -> Callable[[], None]:
            return lambda: page.locator(f".st-key-{key}").get_by_role("button", name=name).click()

        def search(text: str) -> None:
            box = page.locator(".st-key-search input")
            box.fill(text)
            box.press("Enter")

        for _ in range(repeats):
            note("open the page", ben.open("period=all"))
            note("choose overdue cases", ben.change(press("quick", "Overdue")))
            note("and of these the urgent", ben.change(press("quick", "Urgent")))
            note("let the overdue go", ben.change(press("quick", "Overdue")))
            ben.change(press("quick", "Urgent"))
            note("search a word", ben.change(lambda: search(word)))
            note("clear the search", ben.change(lambda: search("")))
            causes = page.locator(".st-key-view").get_by_text("Causes")
            note("draw the Pareto", ben.redraw(causes.click, ".st-key-pareto .bars path"))
            note("draw it for urgent cases", ben.change(press("quick", "Urgent")))
        browser.close()
    return {
        name: (times[0], statistics.median(times[1:] or times)) for name, times in found.items()
    }
