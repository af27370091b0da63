"""The files a store was loaded from, kept under their fingerprints beside it.

Several stores of one folder share ``originals``: a name is the SHA-256 of the content, so two
of them never disagree about a file, and a backup takes those its own batches name.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

FOLDER: Final = "originals"


def originals_of(store: Path) -> Path:
    """Return the folder of a store's originals.

    Examples
    --------
    >>> originals_of(Path("data/csat.duckdb")).as_posix()
    'data/originals'
    """
    return store.parent / FOLDER


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_originals(wanted: Iterable[str], source: Path, target: Path) -> tuple[int, list[str]]:
    """Copy originals from one folder to another, each whole or not at all.

    Parameters
    ----------
    wanted
        Fingerprints of the files.

    Returns
    -------
    tuple of int and list of str
        How many were copied, and which stand in neither folder.
    """
    copied, missing = 0, []
    for name in sorted(set(wanted)):
        if (target / name).is_file():
            continue
        if not (source / name).is_file():
            missing.append(name)
            continue
        target.mkdir(parents=True, exist_ok=True)
        partial = target / f"{name}.part"
        shutil.copyfile(source / name, partial)
        partial.replace(target / name)
        copied += 1
    return copied, missing
