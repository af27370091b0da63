"""Read what an analyst writes as a TOML file and the store keeps as JSON of the same shape."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from csat.model.message import Message, msg
from csat.model.problem import UsageProblem

KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
"""Form of the key of an entry."""


def as_json(text: str, shown: Message, plain: Callable[[object], str] = str) -> str:
    r"""Return a TOML text as JSON.

    Parameters
    ----------
    shown
        Where the form of the file is shown.
    plain
        Writes what JSON has no form for.

    Raises
    ------
    UsageProblem
        When the text is no TOML.

    Examples
    --------
    >>> as_json("[[theme]]\nkey = 'bills'", msg("See the guide"))
    '{"theme": [{"key": "bills"}]}'
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageProblem(
            msg("The file is no TOML: {reason}", reason=str(error)), shown
        ) from error
    return json.dumps(raw, ensure_ascii=False, default=plain)


def require_only(raw: object, known: Iterable[str], place: str, shown: Message) -> None:
    """Refuse what is no table of entries, and an entry that it does not know.

    Raises
    ------
    UsageProblem
        Naming the entry, and those it knows; or where the form is shown.
    """
    if not isinstance(raw, Mapping):
        raise unfit(place, raw, shown)
    for name in raw:
        if name not in known:
            raise UsageProblem(
                msg("'{place}' has no entry '{name}'", place=place or "file", name=name),
                msg("Use one of: {names}", names=", ".join(known)),
            )


def texts(raw: Mapping[str, Any], name: str, remedy: Message) -> list[str]:
    """Return the list of texts under a name, empty where there is none.

    Raises
    ------
    UsageProblem
        When something else stands there.

    Examples
    --------
    >>> texts({"causes": ["Late"]}, "causes", msg("Write a list")), texts({}, "causes", msg(""))
    (['Late'], [])
    """
    found = raw.get(name, [])
    if not isinstance(found, list) or not all(isinstance(v, str) for v in found):
        raise unfit(name, found, remedy)
    return found


def unfit(name: str, value: object, remedy: Message) -> UsageProblem:
    """Return the problem that a value cannot be what its name says."""
    return UsageProblem(msg("'{value}' cannot be the {name}", value=str(value), name=name), remedy)
