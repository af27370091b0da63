"""A real server on a prepared store, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parents[2]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FITS = """() => document.documentElement.clientWidth >= Math.max(
    document.documentElement.scrollWidth,
    document.querySelector('[data-testid="stMain"]').scrollWidth)"""
_TWO_FRAMES = "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PATIENCE = 60
"""Seconds to wait for what happens in one second on a machine that does nothing else."""


def _do_without(reason: str) -> NoReturn:
    """Skip where a browser is not at hand, but not where its absence would go unnoticed."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _do_without("playwright is not installed: pip install -r requirements-dev.txt")
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        chromium, failure = None, ""
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        except Error as error:
            failure = str(error).splitlines()[0]
        if chromium is None:
            _do_without(f"chromium is not installed or cannot be started: {failure}")
        yield chromium
        chromium.close()


@contextmanager
def _reserved_port() -> Iterator[int]:
    """Hold a free port so that no other test gets it; a server may still listen on it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')}", pytrace=False)


@contextmanager
def serve(folder: Path, store: Path, *options: str, **settings: str) -> Iterator[str]:
    """Run the app in a process of its own on a free port and give its address."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CSAT_", "STREAMLIT_"))}
    environment |= {"CSAT_STORE": str(store), "CSAT_SAMPLE": "none", **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    log = folder / "server.log"
    with log.open("wb") as output, _reserved_port() as port:
        server = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, server, log)
            yield url
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)
    said = log.read_text(encoding="utf-8")
    assert not re.search(r"Traceback|\(most recent call last\)", said), said


@pytest.fixture(scope="session")
def sample_template(browser: Any, sample_template: Path) -> Path:
    """Return the store to copy once there is a browser: without one, it is not worth the time."""
    del browser
    return sample_template


Serve = Callable[..., Any]


@pytest.fixture(scope="session")
def serving() -> Serve:
    """Return what starts a server on any store: ``with serving(folder, store) as url``."""
    return serve


@pytest.fixture
def fresh_server(sample_template: Path, tmp_path: Path) -> Serve:
    """Return what starts a server on its own copy of the simulated program."""

    def start(*options: str, **settings: str) -> Any:
        return serve(tmp_path, Path(shutil.copy(sample_template, tmp_path)), *options, **settings)

    return start


@pytest.fixture
def serve_store(tmp_path: Path) -> Serve:
    """Return what starts a server on a store of the test's own."""

    def start(store: Path, *options: str, **settings: str) -> Any:
        return serve(tmp_path, store, *options, **settings)

    return start


@pytest.fixture(scope="session")
def reading_server(
    browser: Any, sample_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a server that tests only read from, after its first visitor."""
    folder = tmp_path_factory.mktemp("server")
    with serve(folder, Path(shutil.copy(sample_template, folder))) as url:
        page = browser.new_page()
        Reader(page).open(url)
        page.close()
        yield url


class Conversation:
    """What browser and server said to each other, to know whether an answer is still owed.

    The page itself says "not running" from a click until the server has begun to run, which on a
    busy machine takes longer than any fixed wait.
    """

    def __init__(self, page: Any) -> None:
        self.owed = False
        self._socket: Any = None
        page.on("websocket", self._follow)

    def _follow(self, socket: Any) -> None:
        self.owed = True  # the first run of a page is asked for at once
        self._socket = socket
        socket.on("framesent", self._asked)
        socket.on("framereceived", self._answered)
        socket.on("close", self._left)

    def _left(self, socket: Any) -> None:
        if socket is self._socket:  # not that of a page left before this one spoke
            self.owed = False

    def _asked(self, frame: bytes) -> None:
        if BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.owed = True

    def _answered(self, frame: bytes) -> None:
        message = ForwardMsg.FromString(frame)
        if message.WhichOneof("type") == "new_session":
            self.owed = True
        elif message.WhichOneof("type") == "script_finished":
            again = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            self.owed = again


class Reader:
    """A person at a browser: opens addresses, waits until the page is drawn, looks."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_default_timeout(1000 * _PATIENCE)
        self.conversation = Conversation(page)
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        probe = "/_stcore/" in message.location["url"] and "404" in message.text
        if message.type == "error" and not probe:  # Streamlit looks for its base path with probes
            self.complaints.append(f"{message.text} {message.location}")

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector("h1")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run and the elements of the run before are gone."""
        self.page.wait_for_timeout(150)
        self.page.evaluate(_TWO_FRAMES)  # the page has had its turn to ask the server
        until = time.monotonic() + _PATIENCE
        while self.conversation.owed:
            assert time.monotonic() < until, f"the server owes an answer for {_PATIENCE} s"
            self.page.wait_for_timeout(20)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self.page.wait_for_function(
            '!document.querySelector(\'[data-testid="stSkeleton"], [data-stale="true"]\')'
        )

    def key(self, key: str) -> Any:
        """Return the element of a key."""
        return self.page.locator(f".st-key-{re.sub('[^a-zA-Z0-9_-]', '-', key)}")

    def strike(self, mark: Any) -> None:
        """Click into the middle of a mark of a picture once it is on the screen and rests."""
        mark.wait_for(state="attached")
        self.settle()
        mark.scroll_into_view_if_needed()
        before, box = None, mark.bounding_box()
        while box != before:
            self.page.wait_for_timeout(200)
            before, box = box, mark.bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def title(self) -> str:
        return str(self.page.locator("h1").first.inner_text())

    def choose(self, key: str, text: str) -> None:
        """Choose an option of a select box or multiple choice by its beginning."""
        self.key(key).locator("input").first.click()
        self.page.get_by_role("option", name=re.compile(rf"^\s*{re.escape(text)}")).first.click()
        self.page.keyboard.press("Escape")
        self.settle()

    def assert_fits(self) -> None:
        """Wait until nothing reaches beyond the right edge of the screen."""
        self.page.wait_for_function(_FITS)

    def assert_no_traces(self) -> None:
        assert self.page.locator('[data-testid="stException"]').count() == 0


@pytest.fixture
def reader(browser: Any) -> Iterator[Callable[..., Reader]]:
    """Return what seats a reader: language, size and theme of the screen may be given."""
    contexts, readers = [], []

    def seat(*, locale: str = "en-US", width: int = 1440, height: int = 900, **more: Any) -> Reader:
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": height}, **more
        )
        contexts.append(context)
        readers.append(Reader(context.new_page()))
        return readers[-1]

    yield seat
    found = [text for r in readers for text in r.complaints]
    for r in readers:
        r.assert_no_traces()
    for context in contexts:
        context.close()
    assert found == []
