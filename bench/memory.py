"""What one process holds at its peak: ``python bench/memory.py product|pandas FOLDER``.

Run by ``bench/run.py`` in processes of their own, so that neither sees what the other keeps.
Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from build import STORE_FILE, files_in
from overview import Asked, Product
from overview_frames import Frames, Pandas
from peak import peak_mib

from csat.model.period import month_key, shift_month
from csat.store.store import Store


def product(folder: Path) -> dict[str, float]:
    before = peak_mib()
    store = Store(folder / STORE_FILE)
    asked = Asked.latest(store)
    page = Product(store, asked)
    page.cards()
    page.sparklines()
    page.movers()
    return {"before": before, "peak": peak_mib()}


def pandas(folder: Path) -> dict[str, float]:
    files = files_in(folder)
    asked = Asked.ending(shift_month(month_key(files.as_of), -1))
    before = peak_mib()
    started = time.perf_counter()
    frames = Frames.load(files)
    seconds = time.perf_counter() - started
    page = Pandas(frames, asked)
    page.cards()
    page.sparklines()
    return {"before": before, "peak": peak_mib(), "load_seconds": seconds}


if __name__ == "__main__":
    way = {"product": product, "pandas": pandas}[sys.argv[1]]
    print(json.dumps(way(Path(sys.argv[2]))))
