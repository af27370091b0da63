"""A new store made from originals and mappings, and what it says differently, if anything."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from csat.ingest.batches import Progress, commit
from csat.ingest.history import (
    PastLoad,
    backdate,
    copy_case_notes,
    copy_saved_mappings,
    past_loads,
    stated_as_of,
)
from csat.ingest.kept import copy_kept
from csat.ingest.reading import Reading
from csat.ingest.secret import key_path
from csat.ingest.source import Source
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import HEADLINES
from csat.model.people import User
from csat.model.problem import CheckFailed, Problem, UsageProblem
from csat.model.settings import Thresholds
from csat.queries import catalogue
from csat.queries.figures import evaluate
from csat.store.originals import fingerprint, originals_of
from csat.store.store import Store

_BARE: Final = Thresholds(withhold_under=1, caution_under=1)
_SAME: Final = 1e-12
_QUESTIONS: Final = ("total", "month")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Which batch became which, how many figures were compared, and what differs."""

    batches: dict[int, int]
    figures: int
    differences: list[Message]


def rebuild(store: Store, target: Path, progress: Progress) -> Rebuilt:
    """Make a store from the originals of the active batches and compare it with this one.

    It grows under another name and gets its own when every batch is in.

    Raises
    ------
    UsageProblem
        When the target exists already.
    CheckFailed
        When an original is missing or was changed, naming the batch and the file.
    """
    if target.exists():
        raise UsageProblem(
            msg("{path} exists already", path=target), msg("Give a file name not yet in use")
        )
    loads = past_loads(store)
    _require_originals(store, loads)
    partial = target.with_name(f"{target.name}.part")
    _remove(partial)
    made = Store(partial)
    try:
        _lend_secret(key_path(store.path), key_path(partial), key_path(target))
        batches = dict(_load_again(store, made, loads, progress))
        copy_saved_mappings(store, made)
        copy_kept(store, made)
        copy_case_notes(store, made)
        made.checkpoint()
        progress(msg("Comparing the figures"))
        counted, differences = _compare(store, made, batches)
        made.close()
        partial.replace(target)
        if key_path(partial).is_file():
            key_path(partial).replace(key_path(target))
    finally:
        made.close()
        _remove(partial)
        if key_path(partial) != key_path(target):
            key_path(partial).unlink(missing_ok=True)
    return Rebuilt(batches, counted, differences)


def _lend_secret(ours: Path, partial: Path, target: Path) -> None:
    """Copy the secret for hashing ids, so that equal people keep equal hashes in the new store."""
    if not ours.is_file():
        return
    if target.is_file() and target.read_bytes() != ours.read_bytes():
        raise UsageProblem(
            msg("{path} exists already", path=target), msg("Give a file name not yet in use")
        )
    shutil.copy2(ours, partial)


def _remove(path: Path) -> None:
    for file in (path, path.with_name(f"{path.name}.wal")):
        file.unlink(missing_ok=True)


def _require_originals(store: Store, loads: list[PastLoad]) -> None:
    for load in loads:
        file = originals_of(store.path) / load.sha256
        if not file.is_file():
            found = msg(
                "Batch {batch}: the original of {name} is missing",
                batch=load.batch_id,
                name=load.file_name,
            )
        elif fingerprint(file) != load.sha256:
            found = msg(
                "Batch {batch}: the original of {name} was changed",
                batch=load.batch_id,
                name=load.file_name,
            )
        else:
            continue
        raise CheckFailed(
            found,
            msg(
                "Put the file back as originals/{sha256}, or go back to a backup",
                sha256=load.sha256,
            ),
        )


def _load_again(
    store: Store, made: Store, loads: list[PastLoad], progress: Progress
) -> Iterator[tuple[int, int]]:
    for load in loads:
        progress(msg("Batch {batch}: {name}", batch=load.batch_id, name=load.file_name))
        with tempfile.TemporaryDirectory(prefix="csat-") as folder:
            path = Path(folder) / f"original{Path(load.file_name).suffix.lower()}"
            _lend(originals_of(store.path) / load.sha256, path)
            source = Source(
                path, load.file_name, load.sha256, load.size, Reading.from_json(load.reading)
            )
            try:
                loaded = commit(
                    made,
                    source,
                    load.mapping,
                    program=load.program,
                    program_title=load.title,
                    timezone=load.timezone,
                    as_of=stated_as_of(load),
                    user=User(load.loaded_by, ("analyst",)),
                )
            except Problem as problem:
                raise CheckFailed(
                    msg(
                        "Batch {batch} cannot be loaded again: {reason}",
                        batch=load.batch_id,
                        reason=problem.title,
                    ),
                    problem.remedy,
                ) from problem
        backdate(made, loaded.batch_id, load)
        yield load.batch_id, loaded.batch_id


def _lend(file: Path, name: Path) -> None:
    """Make a file appear under a name that tells its kind."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)


def _compare(one: Store, other: Store, batches: dict[int, int]) -> tuple[int, list[Message]]:
    found: list[Message] = []
    again = {load.batch_id: load for load in past_loads(other)}
    for load in past_loads(one):
        twin = again[batches[load.batch_id]]
        for name, n in load.counts.items():
            if twin.counts[name] != n:
                found.append(
                    msg(
                        "Batch {batch}: {count} were {before}, now {now}",
                        batch=load.batch_id,
                        count=name.replace("_", " "),
                        before=n,
                        now=twin.counts[name],
                    )
                )
    counted = 0
    for program in catalogue.programs(one):
        before, now = (_figures(store, program.key) for store in (one, other))
        counted += len(before)
        for key in sorted(before.keys() | now.keys()):
            if not _same(before.get(key), now.get(key)):
                found.append(
                    msg(
                        "{program}, {metric}, {by}: {before}, now {now}",
                        program=program.key,
                        metric=key[0],
                        by=key[1],
                        before=_said(before.get(key)),
                        now=_said(now.get(key)),
                    )
                )
    return counted, found


def _figures(store: Store, program: str) -> dict[tuple[str, str], Figure]:
    """Return every figure of a program, in total and by month."""
    if program not in {p.key for p in catalogue.programs(store)}:
        return {}
    keys = list(HEADLINES)
    keys += [f"mean:{i.key}" for i in catalogue.items(store, program)]
    for dimension in catalogue.dimensions(store, program):
        keys += [f"{side}:{dimension}" for side in ("perception", "expectation", "gap")]
    filters = Filters.of(program)
    return {
        (figure.metric, figure.by): figure
        for by in _QUESTIONS
        for figure in evaluate(store, filters, tuple(dict.fromkeys(keys)), by, _BARE).figures
    }


def _same(one: Figure | None, other: Figure | None) -> bool:
    if one is None or other is None:
        return one is other
    pairs = zip(asdict(one).values(), asdict(other).values(), strict=True)
    return all(_equal(a, b) for a, b in pairs)


def _equal(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=_SAME, abs_tol=_SAME) or (a != a and b != b)
    return a == b


def _said(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "—"
    return f"{figure.value:g} (n {figure.n})"
