"""Actions from a file that people keep: a JSON list of objects, or a CSV with a header."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from csat.model.action import FIELDS, ActionPlan, read_action
from csat.model.message import msg
from csat.model.problem import ImportProblem, UsageProblem


def read_action_file(content: bytes, name: str) -> list[ActionPlan]:
    r"""Return the actions that a file holds.

    Raises
    ------
    ImportProblem
        Naming the file, the row and what is wrong with it.

    Examples
    --------
    >>> rows = "key,title,addressed,metric,where,start,due,owner\n"
    >>> rows += "photo,Photo of each meter,Readings,nps,branch=North,2025-12-01,2026-06-30,Ann\n"
    >>> [(p.key, p.where, p.addresses) for p in read_action_file(rows.encode(), "actions.csv")]
    [('photo', ('branch=North',), 'other')]
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportProblem(
            msg("The file of actions {name} is not written in UTF-8", name=name),
            msg("Save it as UTF-8 text"),
        ) from error
    out = []
    for number, row in _rows(text, name):
        try:
            out.append(read_action(row))
        except UsageProblem as problem:
            raise ImportProblem(
                msg("{name}, action {n}: {reason}", name=name, n=number, reason=problem.title),
                problem.remedy,
            ) from problem
    if not out:
        raise ImportProblem(
            msg("{name} holds no action", name=name),
            msg("Begin with a header or a list of objects with: {names}", names=", ".join(FIELDS)),
        )
    return out


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each action with its number from 1."""
    if text.lstrip()[:1] not in ("[", "{"):
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=1):
            if None in row or None in row.values():
                raise ImportProblem(
                    msg(
                        "{name}, action {n}: not as many fields as the header", name=name, n=number
                    ),
                    msg("Put fields that hold a comma in double quotes"),
                )
            yield number, row
        return
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ImportProblem(
            msg("{name} is no JSON: {reason}", name=name, reason=str(error)),
            msg("Write a list of objects with: {names}", names=", ".join(FIELDS)),
        ) from error
    for number, row in enumerate(found if isinstance(found, list) else [found], start=1):
        if not isinstance(row, dict):
            raise ImportProblem(
                msg("{name}, action {n}: '{value}' is no object", name=name, n=number, value=row),
                msg("Write a list of objects with: {names}", names=", ".join(FIELDS)),
            )
        yield number, row
