"""Photograph the pages on the simulated program into docs/images: ``make screenshots``.

Every page in English and Chinese, each on the sample of its language, light and dark, and the
overview on a phone. Needs Chromium and playwright; ``python docs/screenshots.py zh`` takes the
pictures of one language.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "src"))

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LANGUAGES = {"en": ("en-US", "en"), "zh": ("zh-CN", "zh-CN")}
"""Ending of the picture -> locale of the browser, language of the sample."""
THEMES = ("light", "dark")
PAGES = {
    "overview": "/",
    "trends": "/trends?metric=csat_top_box&split=touchpoint",
    "dimensions": "/dimensions",
    "gaps": "/gaps",
    "weighting": "/weighting",
    "improve": "/improve",
    "complaints": "/complaints?severity=critical&severity=high",
    "data": "/data?tab=batches",
}
DRAWN = {
    "overview": '[class*="st-key-card-"]',
    "trends": ".js-plotly-plot .main-svg",
    "dimensions": ".js-plotly-plot .main-svg",
    "gaps": ".js-plotly-plot .main-svg",
    "weighting": ".js-plotly-plot .main-svg",
    "improve": '[class*="st-key-action-"]',
    "complaints": '[data-testid="stDataFrame"] canvas',
    "data": '[data-testid="stDataFrame"] canvas',
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def server(language: str) -> Iterator[str]:
    """Serve the simulated program in a language, from a store that is thrown away afterwards."""
    from csat.model.people import LOCAL_USER
    from csat.sample_program import load_sample
    from csat.store.store import Store

    with tempfile.TemporaryDirectory(prefix="csat-screenshots-") as folder:
        path = Path(folder) / "csat.duckdb"
        store = Store(path)
        load_sample(store, LOCAL_USER, language=language)
        store.close()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {
            k: v for k, v in os.environ.items() if not k.startswith(("CSAT_", "STREAMLIT_"))
        }
        running = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**settings, "CSAT_STORE": str(path), "CSAT_SAMPLE": "none"},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/_stcore/health")
            yield url
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait(10)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("The server did not start")


def photograph(page: Any, url: str, drawn: str) -> bytes:
    """Open an address and take its picture once everything on it is drawn."""
    page.goto(url)
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_selector(drawn, timeout=30_000)
    page.wait_for_timeout(200)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("!document.querySelector('[data-testid=\"stSkeleton\"]')")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1_200)  # animations of charts and sparklines
    return bytes(page.screenshot())


def keep(picture: bytes, name: str) -> int:
    """Write a picture in its true colours, which carry meaning, and return its bytes."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").save(IMAGES / name, optimize=True)
    return (IMAGES / name).stat().st_size


def photograph_all(browser: Any, url: str, language: str) -> int:
    """Take the pictures of one language and return their bytes."""
    locale, _ = LANGUAGES[language]
    first = browser.new_page()
    photograph(first, url, DRAWN["overview"])  # the first visitor waits for the caches
    first.close()
    total = 0
    for theme in THEMES:
        for size, ending in ((DESKTOP, ""), (PHONE, "-phone")):
            context = browser.new_context(
                locale=locale,
                color_scheme=theme,
                viewport=size,
                device_scale_factor=1,
                is_mobile=bool(ending),
            )
            page = context.new_page()
            for name, address in PAGES.items():
                if ending and name != "overview":
                    continue
                picture = photograph(page, f"{url}{address}", DRAWN[name])
                file = f"{name}-{language}-{theme}{ending}.png"
                total += keep(picture, file)
                print(file)
            context.close()
    return total


def main(languages: list[str]) -> None:
    """Take every picture of some languages."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for language in languages:
            with server(LANGUAGES[language][1]) as url:
                total += photograph_all(browser, url, language)
        browser.close()
    print(f"{total / 1e6:.1f} MB in {IMAGES.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(LANGUAGES))
