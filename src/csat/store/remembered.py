"""What a store holds and no filter changes, remembered until the next committed change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from csat.store.store import Store

_Asked = ParamSpec("_Asked")
_Told = TypeVar("_Told")
_MOST: Final = 256
"""Answers of one question that are remembered of one store; the one asked for longest ago goes."""


def until_changed(
    question: Callable[Concatenate[Store, _Asked], _Told],
) -> Callable[Concatenate[Store, _Asked], _Told]:
    """Let a question ask the store once for each state of its data.

    The data version is part of what an answer is remembered by, so that it is never older than
    the last committed change. Answers are shared between threads and must not be altered.

    Parameters
    ----------
    question
        Takes a store and hashable arguments. What it raises is not remembered.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> asked = []
    >>> @until_changed
    ... def programs(store: Store) -> int:
    ...     asked.append(store.data_version())
    ...     return len(store.rows("SELECT key FROM program"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder) / "demo.duckdb")
    ...     told = [programs(store), programs(store)]
    ...     with store.write():
    ...         pass
    ...     told.append(programs(store))
    ...     store.close()
    >>> told, len(asked)
    ([0, 0, 0], 2)
    """
    known: WeakKeyDictionary[Store, tuple[int, OrderedDict[object, _Told]]] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(question)
    def remembered(store: Store, /, *args: _Asked.args, **named: _Asked.kwargs) -> _Told:
        version, key = store.data_version(), (args, tuple(sorted(named.items())))
        with lock:
            held, kept = known.get(store, (-1, OrderedDict()))
            if held != version:  # what was told of an earlier state is of no more use
                kept = OrderedDict()
                known[store] = version, kept
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        told = question(store, *args, **named)
        with lock:
            kept[key] = told
            while len(kept) > _MOST:
                kept.popitem(last=False)
        return told

    return remembered
