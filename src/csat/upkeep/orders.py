"""An import as somebody orders it, wherever it is carried out, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from csat.model.message import msg
from csat.model.problem import AlreadyLoaded, ImportProblem

COUNTS: Final = (
    "rows_read",
    "rows_accepted",
    "rows_new",
    "rows_updated",
    "rows_duplicate",
    "rows_refused",
)


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A file to load, and how; the fields are the options of ``csat import``.

    Parameters
    ----------
    path, name
        Where the file lies, and what it is called.
    preset, mapping, either, mapping_json
        The mapping: a shipped preset, a saved one, a name that may be either, or its text.
        Without any, the sole known mapping that fits.
    timezone
        Of the program; where it is not empty, one of another time zone is refused.
    refused
        Whether the refused rows are wanted as a file.
    """

    path: str
    name: str
    program: str
    preset: str = ""
    mapping: str = ""
    either: str = ""
    mapping_json: str = ""
    mapping_name: str = ""
    title: str = ""
    timezone: str = ""
    as_of: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    dry_run: bool = False
    refused: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the order as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: MappingABC[str, Any]) -> ImportOrder:
        """Read an order back; raise TypeError where it is none."""
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: counts, refused rows, and the batch where one was made.

    ``changed`` counts per column the rows it changed in, ``kept`` per column that the file does
    not have the changed rows that keep a value in it; ``refused_file`` is the CSV of the refused
    rows where it was ordered.
    """

    file: str
    program: str
    kind: str
    mapping: str
    batch: int | None
    as_of: str
    data_version: int
    counts: dict[str, int]
    refused: list[dict[str, Any]] = field(default_factory=list)
    found: bool = False
    changed: dict[str, int] = field(default_factory=dict)
    remarks: list[dict[str, str]] = field(default_factory=list)
    refused_file: str = ""
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """Rows that were, or would be, loaded."""
        return self.counts["rows_accepted"]

    def to_json(self) -> dict[str, Any]:
        """Return what ``csat import --json`` prints."""
        return {
            "batch": self.batch,
            "program": self.program,
            "kind": self.kind,
            **self.counts,
            "refused": self.refused,
            "changed": self.changed,
            "kept": self.kept,
            "remarks": self.remarks,
            "as_of": self.as_of or None,
            "data_version": self.data_version,
        }

    def nothing_fits(self) -> ImportProblem:
        """Return the problem of a check that found nothing to load."""
        if self.counts["rows_refused"] == 0:
            return AlreadyLoaded(
                msg(
                    "All {n} rows of {name} are loaded already",
                    n=self.counts["rows_read"],
                    name=self.file,
                ),
                msg("There is nothing to do"),
            )
        return ImportProblem(
            msg("No row of {name} can be loaded", name=self.file),
            msg("Change the mapping of the columns named, or correct the file"),
        )
