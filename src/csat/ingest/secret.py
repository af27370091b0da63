"""The secret of one store, with which ids of people are replaced by keyed hashes."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

import duckdb

from csat.model.message import msg
from csat.model.problem import UsageProblem

HASH_LENGTH: Final = 32
"""Hexadecimal digits kept of a hash: 128 bits."""
_BYTES: Final = 32
_BLOCK: Final = 64


def key_path(store: Path) -> Path:
    """Return where the secret of a store lies: beside it, under its name.

    Examples
    --------
    >>> key_path(Path("data/csat.duckdb")).name
    'csat.key'
    """
    return store.with_suffix(".key")


def store_key(store: Path) -> bytes:
    """Return the secret of a store, made on first use, readable by its owner alone.

    Without it no one can tell whose hash a hash is, nor make the same hash again: a copy of
    the store that is to take up new files needs a copy of it.

    Raises
    ------
    UsageProblem
        When the file does not hold a secret.
    """
    path = key_path(store)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(_BYTES) + "\n")
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise UsageProblem(
            msg("{name} holds no secret for hashing ids", name=path),
            msg("Put back the copy that belongs to this store"),
        )
    return key


def key_beside(cursor: duckdb.DuckDBPyConnection) -> bytes:
    """Return the secret of the store that a cursor works on.

    Raises
    ------
    UsageProblem
        When the store lies in no file, or its file of the secret is damaged.
    """
    row = cursor.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    if row is None or not row[0]:
        raise UsageProblem(
            msg("A store without a file keeps no secret for hashing ids"),
            msg("Open a store that lies in a file"),
        )
    return store_key(Path(str(row[0])))


def hash_sql(text: str, inner: str, outer: str) -> str:
    """Return SQL for the keyed hash of a text: HMAC-SHA256 (RFC 2104), cut to 128 bits.

    Parameters
    ----------
    text
        SQL of the text; blanks around it and capitals make no difference.
    inner, outer
        References of the two padded keys of `pads`.
    """
    message = f"ENCODE(LOWER(TRIM({text})))"
    return (
        f"LEFT(SHA256({outer}::BLOB || UNHEX(SHA256({inner}::BLOB || {message}))), {HASH_LENGTH})"
    )


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and the outer padded key of RFC 2104.

    Examples
    --------
    >>> inner, outer = pads(b"key")
    >>> len(inner), inner[0] ^ ord("k"), outer[-1]
    (64, 54, 92)
    """
    block = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    filled = block.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in filled), bytes(b ^ 0x5C for b in filled)
