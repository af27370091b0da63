"""How often the process is killed: a few times by default, as often as asked in a soak."""

from __future__ import annotations

import pytest

KILLS = 12


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=KILLS, help="instants at which to kill")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills", KILLS))
