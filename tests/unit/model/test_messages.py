"""Messages carry their parameters; problems carry a remedy and an exit code."""

from __future__ import annotations

import pytest

from csat.model import problem
from csat.model.message import Message, msg
from csat.model.problem import Problem


def test_values_are_put_in_when_the_text_is_shown() -> None:
    text = msg("{n} rows of {name} refused", n=3, name="a{b}.csv")
    assert text.text == "{n} rows of {name} refused"
    assert str(text) == "3 rows of a{b}.csv refused"


def test_a_message_may_be_a_value_of_a_message() -> None:
    assert str(msg("row {row} {reason}", row=2, reason=msg("is empty"))) == "row 2 is empty"


def test_a_text_without_values_may_hold_braces() -> None:
    assert str(Message("{}")) == "{}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Problem", 1),
        ("UsageProblem", 2),
        ("ImportProblem", 3),
        ("AlreadyLoaded", 4),
        ("StoreBusy", 5),
        ("CheckFailed", 6),
        ("NotAllowed", 7),
    ],
)
def test_each_kind_of_problem_has_its_own_exit_code(name: str, code: int) -> None:
    kind: type[Problem] = getattr(problem, name)
    assert kind(msg("a"), msg("b")).exit_code == code
    assert str(kind(msg("a"), msg("b"))) == "a. b"
