"""Settings of an installation: environment variables, their defaults, and what they mean."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from csat.model.message import N_, msg
from csat.model.people import ROLES
from csat.model.problem import UsageProblem


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: name, default and meaning."""

    name: str
    default: str
    meaning: str


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("CSAT_STORE", "data/csat.duckdb", N_("Path of the store file.")),
    Setting("CSAT_SAMPLE", "auto", N_("'auto' loads the simulated program into an empty store.")),
    Setting("CSAT_TIMEZONE", "UTC", N_("Time zone given to programs created by an import.")),
    Setting("CSAT_WEEK_START", "monday", N_("First day of a week: monday, saturday or sunday.")),
    Setting("CSAT_WITHHOLD_UNDER", "5", N_("Figures on a smaller base are withheld.")),
    Setting("CSAT_CAUTION_UNDER", "30", N_("Figures on a smaller base carry a caution mark.")),
    Setting("CSAT_COMMENTS_UNDER", "8", N_("Comments of fewer customers are withheld.")),
    Setting(
        "CSAT_AUTH", "none", N_("'none': one local user; 'proxy': roles from a trusted proxy.")
    ),
    Setting("CSAT_ROLES", "executive,quality,analyst", N_("Roles of the local user.")),
    Setting("CSAT_MAX_UPLOAD_MB", "200", N_("Largest file that may be loaded, in megabytes.")),
)


_WEEK_STARTS: Final = {"monday": 0, "saturday": 5, "sunday": 6}
_CHOICES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("CSAT_SAMPLE", ("auto", "none")),
    ("CSAT_AUTH", ("none", "proxy")),
    ("CSAT_WEEK_START", tuple(_WEEK_STARTS)),
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bases under which figures are withheld or marked with caution.

    Examples
    --------
    >>> Thresholds().withhold_under
    5
    """

    withhold_under: int = 5
    caution_under: int = 30
    comments_under: int = 8


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of this process, read once from the environment."""

    store: Path
    sample: str
    timezone: str
    thresholds: Thresholds
    auth: str
    roles: tuple[str, ...]
    max_upload_mb: int
    week_start: int = 0
    """First day of a week: 0 is Monday, 6 Sunday."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings.

        Raises
        ------
        UsageProblem
            When a number is not a whole number from 1 up, or a choice is unknown.
        """
        raw = dict(os.environ if environ is None else environ)
        values = {s.name: raw.get(s.name) or s.default for s in SETTINGS}
        for name, allowed in _CHOICES:
            if values[name] not in allowed:
                raise UsageProblem(
                    msg("{name} is '{value}'", name=name, value=values[name]),
                    msg("Use one of: {names}", names=", ".join(allowed)),
                )
        roles = tuple(r.strip() for r in values["CSAT_ROLES"].split(",") if r.strip())
        if not set(roles) <= set(ROLES):
            raise UsageProblem(
                msg("{name} is '{value}'", name="CSAT_ROLES", value=values["CSAT_ROLES"]),
                msg("Use one of: {names}", names=", ".join(ROLES)),
            )
        return cls(
            store=Path(values["CSAT_STORE"]),
            sample=values["CSAT_SAMPLE"],
            timezone=values["CSAT_TIMEZONE"],
            thresholds=Thresholds(
                _whole(values, "CSAT_WITHHOLD_UNDER"),
                _whole(values, "CSAT_CAUTION_UNDER"),
                _whole(values, "CSAT_COMMENTS_UNDER"),
            ),
            auth=values["CSAT_AUTH"],
            roles=roles,
            max_upload_mb=_whole(values, "CSAT_MAX_UPLOAD_MB"),
            week_start=_WEEK_STARTS[values["CSAT_WEEK_START"]],
        )


def _whole(values: Mapping[str, str], name: str) -> int:
    try:
        number = int(values[name])
    except ValueError:
        number = 0
    if number < 1:
        raise UsageProblem(
            msg("{name} is '{value}'", name=name, value=values[name]),
            msg("Give a whole number from 1 up"),
        )
    return number
