"""A visit of a page in Chromium, and when what it shows came and last changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_MS = 700
"""What has not changed for so long, while the script rests, is drawn."""

_WATCH = """
window.watched = {asked: 0, card: 0, last: 0};
const cards = () => document.querySelector('[data-testid=stMetricValue]');
new MutationObserver(() => {
  window.watched.last = performance.now();
  if (!window.watched.card && cards()?.textContent) window.watched.card = performance.now();
}).observe(document, {subtree: true, childList: true, characterData: true});
document.addEventListener('keydown', e => {
  if (e.key === 'Enter') window.watched.asked = performance.now();
}, true);
"""
_STILL = """quiet => {
  const app = document.querySelector('[data-testid=stApp]');
  const since = performance.now() - Math.max(window.watched.last, window.watched.asked);
  return app?.dataset.testScriptState === 'notRunning' && since > quiet;
}"""
_ELEMENTS = "() => document.querySelectorAll('[data-testid=stElementContainer]').length"


@dataclass(frozen=True)
class Drawn:
    """Milliseconds from asking to the first card and to the last change; elements shown."""

    first_card: float
    last_change: float
    elements: int


class Visit:
    """One visitor: a browser context of his own."""

    def __init__(self, page: Any) -> None:
        self._page = page

    @classmethod
    @contextmanager
    def of(cls, browser: Any, url: str) -> Iterator[Visit]:
        """Open an address as a new visitor."""
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(url)
        try:
            yield cls(page)
        finally:
            context.close()

    def opened(self) -> Drawn:
        """Wait until the page is drawn; times count from the start of the navigation."""
        return self._drawn()

    def choose(self, branch: str) -> Drawn:
        """Add a branch to the filter; times count from the key that confirms it."""
        box = self._page.get_by_role("combobox", name="Branch")
        if not box.is_visible():
            self._page.get_by_text("Groups", exact=False).first.click()
        box.click()
        box.fill(branch)
        self._page.wait_for_timeout(150)
        self._page.evaluate("window.watched.card = window.watched.last = 0")
        box.press("Enter")
        return self._drawn()

    def _drawn(self) -> Drawn:
        self._page.wait_for_function(_STILL, arg=QUIET_MS, timeout=120_000)
        seen = self._page.evaluate("window.watched")
        start = seen["asked"]
        return Drawn(seen["card"] - start, seen["last"] - start, self._page.evaluate(_ELEMENTS))
