"""Output of its own for one thread, while the rest of the process keeps its output."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TextIO, cast

_OUT: Final[ContextVar[TextIO | None]] = ContextVar("out", default=None)
_ERR: Final[ContextVar[TextIO | None]] = ContextVar("err", default=None)
_PUTTING: Final = threading.Lock()


class _Divided:
    """Stands for an output of the process: a thread that has its own writes there instead."""

    def __init__(self, common: TextIO, own: ContextVar[TextIO | None]) -> None:
        self._common = common
        self._own = own

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own.get() or self._common, name)


@contextmanager
def own_output() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    r"""Collect what this thread prints, and nothing of what others print meanwhile.

    Examples
    --------
    >>> with own_output() as (out, err):
    ...     print("mine")
    ...     print("oh", file=sys.stderr)
    >>> out.getvalue(), err.getvalue()
    ('mine\n', 'oh\n')
    """
    with _PUTTING:
        if not isinstance(sys.stdout, _Divided):
            sys.stdout = cast(TextIO, _Divided(sys.stdout, _OUT))
        if not isinstance(sys.stderr, _Divided):
            sys.stderr = cast(TextIO, _Divided(sys.stderr, _ERR))
    out, err = io.StringIO(), io.StringIO()
    mine, other = _OUT.set(out), _ERR.set(err)
    try:
        yield out, err
    finally:
        _OUT.reset(mine)
        _ERR.reset(other)
