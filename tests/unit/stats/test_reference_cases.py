"""Every published reference number is met by a test, or it is said why none meets it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

ELSEWHERE = {
    "kiosk_servqual_full": "test_reference_kiosk.py",
    "percentiles_type7": "percentiles of ended cases belong to the waiting times",
    "pareto_qcc": "counted and ordered where complaints are queried",
    "clv_margin_multiple": "no customer value is offered",
    "availability_minutes": "no availability is offered",
}


def met() -> set[str]:
    """Return the reference cases that the tests beside this one compute."""
    found = set()
    for path in Path(__file__).parent.glob("test_reference_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "COMPUTE":
                assert isinstance(node.value, ast.Dict)
                found |= {ast.literal_eval(key) for key in node.value.keys if key is not None}
    return found


def test_every_reference_case_is_met_or_accounted_for(reference_cases: dict[str, Any]) -> None:
    assert reference_cases.keys() == met() | ELSEWHERE.keys()
