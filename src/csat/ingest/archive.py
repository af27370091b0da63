"""Packed files: the one table in an archive, taken out without trusting its names or sizes."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from csat.ingest.forms import ENDINGS, PACKED
from csat.ingest.limits import check_unpacked
from csat.ingest.reading import Source
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

_BLOCK: Final = 1024 * 1024
_MOST_MEMBERS: Final = 10_000
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


def data_members(path: Path, label: str) -> list[str]:
    """Return the names of the files of an archive that can be read, in its order.

    Folders, hidden files and what operating systems add are left out.

    Raises
    ------
    ImportProblem
        When the archive is damaged, protected, or holds no such file.
    """
    if _is_gzip(path):
        return [_gzip_member(label)]
    with _opened(path, label) as archive:
        infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise ImportProblem(
            msg("{name} holds {n} files", name=label, n=len(infos)),
            msg("Pack only the file with the answers"),
        )
    packed = [i.filename for i in infos if Path(i.filename).suffix.lower() in PACKED]
    files = [i for i in infos if _is_data(i.filename) and not i.is_dir()]
    if not files:
        raise ImportProblem(
            msg("{name} holds an archive within the archive", name=label)
            if packed
            else msg("{name} holds no file that can be read", name=label),
            msg("Unpack it and load the file with the answers"),
        )
    locked = next((i.filename for i in files if i.flag_bits & 0x1), "")
    if locked:
        raise ImportProblem(
            msg("{name}: '{member}' is protected by a password", name=label, member=locked),
            msg("Unpack it and load the file with the answers"),
        )
    return [i.filename for i in files]


def _is_data(name: str) -> bool:
    """Whether a member may hold a table; names are only compared, never used as paths."""
    parts = name.replace("\\", "/").split("/")
    hidden = parts[-1].startswith((".", "~$")) or "__MACOSX" in parts
    return not hidden and Path(parts[-1]).suffix.lower() in set(ENDINGS) - set(PACKED)


def choose_member(members: list[str], choice: str, label: str) -> tuple[str, str]:
    """Return the member a choice names and what is left of the choice for its sheets.

    A choice is the member's name, the member's name with ``/`` and a sheet, or, where there
    is one member only, a sheet of it.

    Raises
    ------
    ImportProblem
        When there are several members and none is chosen, or another one.

    Examples
    --------
    >>> choose_member(["a.csv", "b.xlsx"], "b.xlsx/Answers", "all.zip")
    ('b.xlsx', 'Answers')
    """
    for member in sorted(members, key=len, reverse=True):
        if choice == member:
            return member, ""
        if choice.startswith(f"{member}/"):
            return member, choice[len(member) + 1 :]
    if len(members) == 1:
        return members[0], choice
    said = ", ".join(members[:10]) + (" ..." if len(members) > 10 else "")
    if choice:
        raise ImportProblem(
            msg("{name} holds no file '{member}'", name=label, member=choice),
            msg("Use one of: {names}", names=said),
        )
    raise ImportProblem(
        msg("{name} holds {n} files that can be read", name=label, n=len(members)),
        msg("Choose one of them as the sheet: {names}", names=said),
    )


@contextmanager
def unpacked(path: Path, label: str, member: str, limits: ImportLimits) -> Iterator[Path]:
    """Lend a member as a file of our own naming, for as long as the context lasts.

    Raises
    ------
    ImportProblem
        When it unpacks to more than the limit, or is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        target = Path(folder) / f"member{Path(member).suffix.lower()}"
        try:
            if _is_gzip(path):
                with gzip.open(path) as packed:
                    _copy(cast(IO[bytes], packed), target, label, limits)
            else:
                with _opened(path, label) as archive, archive.open(member) as stream:
                    _copy(stream, target, label, limits)
        except _DAMAGE as error:
            raise _damaged(label) from error
        yield target


@contextmanager
def payload(source: Source) -> Iterator[Path]:
    """Lend the file that holds the table: the source itself, or what is packed in it."""
    if not source.reading.member:
        yield source.path
        return
    with unpacked(source.path, source.name, source.reading.member, source.limits) as path:
        yield path


def check_members(path: Path, label: str, limits: ImportLimits) -> None:
    """Refuse a packed workbook whose parts unpack to more than the limit, before it is read."""
    with _opened(path, label) as archive:
        check_unpacked(sum(i.file_size for i in archive.infolist()), label, limits)


def _copy(stream: IO[bytes], target: Path, label: str, limits: ImportLimits) -> None:
    size = 0
    with target.open("wb") as out:
        while block := stream.read(_BLOCK):
            size += len(block)
            check_unpacked(size, label, limits)
            out.write(block)


@contextmanager
def _opened(path: Path, label: str) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGE, ValueError, RuntimeError) as error:
        raise _damaged(label) from error
    with archive:
        yield archive


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _gzip_member(label: str) -> str:
    """Return the name of what is packed: the file's own without its last ending."""
    stem = Path(label).stem if label.lower().endswith(".gz") else label
    return stem if _is_data(stem) else f"{stem}.csv"


def _damaged(label: str) -> ImportProblem:
    return ImportProblem(
        msg("{name} is no archive, or a damaged one", name=label),
        msg("Pack the file again, or load it unpacked"),
    )
