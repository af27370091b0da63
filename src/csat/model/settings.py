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
    Setting(
        "CSAT_SAMPLE",
        "auto",
        N_(
            "'auto' loads the simulated program into an empty store, with names and texts in the "
            "language of who opens it; 'en' and 'zh-CN' fix the language; 'none' loads nothing."
        ),
    ),
    Setting("CSAT_TIMEZONE", "UTC", N_("Time zone given to programs created by an import.")),
    Setting("CSAT_WEEK_START", "monday", N_("First day of a week: monday, saturday or sunday.")),
    Setting("CSAT_WITHHOLD_UNDER", "5", N_("Figures on a smaller base are withheld.")),
    Setting("CSAT_CAUTION_UNDER", "30", N_("Figures on a smaller base carry a caution mark.")),
    Setting("CSAT_COMMENTS_UNDER", "8", N_("Comments of fewer customers are withheld.")),
    Setting("CSAT_STAFF_MIN", "30", N_("Staff on a smaller base are withheld.")),
    Setting(
        "CSAT_AUTH", "none", N_("'none': one local user; 'proxy': roles from a trusted proxy.")
    ),
    Setting("CSAT_ROLES", "executive,quality,analyst", N_("Roles of the local user.")),
    Setting(
        "CSAT_MEMORY_MB",
        "900",
        N_("Megabytes of memory for the store; beyond, it uses the disk beside it."),
    ),
    Setting("CSAT_MAX_UPLOAD_MB", "200", N_("Largest file that may be loaded, in megabytes.")),
    Setting("CSAT_MAX_UNPACKED_MB", "2000", N_("Most a packed file may unpack to, in megabytes.")),
    Setting("CSAT_MAX_ROWS", "20000000", N_("Most rows of one file.")),
    Setting("CSAT_MAX_COLUMNS", "2000", N_("Most columns of one file.")),
    Setting("CSAT_MAX_CELLS", "2000000000", N_("Most cells of one file: rows times columns.")),
    Setting("CSAT_MAX_CELL_CHARACTERS", "1000000", N_("Longest cell, in characters.")),
    Setting(
        "CSAT_INBOX",
        "inbox",
        N_("Folder of files to load, counted from the store's folder; 'none': there is none."),
    ),
)


SAMPLE_LANGUAGES: Final = ("en", "zh-CN")
"""What names and texts of the simulated program can be written in."""
_WEEK_STARTS: Final = {"monday": 0, "saturday": 5, "sunday": 6}
_CHOICES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("CSAT_SAMPLE", ("auto", *SAMPLE_LANGUAGES, "none")),
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
    staff_min: int = 30


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """How much one file may hold: megabytes unpacked, rows, columns, cells, longest cell.

    Examples
    --------
    >>> ImportLimits().columns
    2000
    """

    unpacked_mb: int = 2_000
    rows: int = 20_000_000
    columns: int = 2_000
    cells: int = 2_000_000_000
    cell_characters: int = 1_000_000


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
    limits: ImportLimits
    memory_mb: int
    inbox: str = "none"
    week_start: int = 0
    """First day of a week: 0 is Monday, 6 Sunday."""

    def inbox_folder(self) -> Path | None:
        """Return the folder whose files the serving process loads, or None.

        Examples
        --------
        >>> Config.from_environment({"CSAT_STORE": "/srv/a.duckdb"}).inbox_folder().as_posix()
        '/srv/inbox'
        """
        return None if self.inbox == "none" else self.store.absolute().parent / self.inbox

    def uploads_folder(self) -> Path:
        """Return the folder that holds uploads while they are read, beside the store.

        Examples
        --------
        >>> Config.from_environment({"CSAT_STORE": "/srv/a.duckdb"}).uploads_folder().as_posix()
        '/srv/a.duckdb.uploads'
        """
        return self.store.absolute().with_name(f"{self.store.name}.uploads")

    def sample_language(self, locale: str | None) -> str:
        """Return what the simulated program is written in for a reader with a locale.

        Examples
        --------
        >>> config = Config.from_environment({})
        >>> config.sample_language("zh-Hans-CN"), config.sample_language(None)
        ('zh-CN', 'en')
        >>> Config.from_environment({"CSAT_SAMPLE": "en"}).sample_language("zh_CN")
        'en'
        """
        if self.sample in SAMPLE_LANGUAGES:
            return self.sample
        english, chinese = SAMPLE_LANGUAGES
        return chinese if (locale or "").lower().startswith("zh") else english

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
                _whole(values, "CSAT_STAFF_MIN"),
            ),
            auth=values["CSAT_AUTH"],
            roles=roles,
            max_upload_mb=_whole(values, "CSAT_MAX_UPLOAD_MB"),
            inbox=values["CSAT_INBOX"],
            week_start=_WEEK_STARTS[values["CSAT_WEEK_START"]],
            memory_mb=_whole(values, "CSAT_MEMORY_MB"),
            limits=ImportLimits(
                unpacked_mb=_whole(values, "CSAT_MAX_UNPACKED_MB"),
                rows=_whole(values, "CSAT_MAX_ROWS"),
                columns=_whole(values, "CSAT_MAX_COLUMNS"),
                cells=_whole(values, "CSAT_MAX_CELLS"),
                cell_characters=_whole(values, "CSAT_MAX_CELL_CHARACTERS"),
            ),
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
