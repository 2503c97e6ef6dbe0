"""What an import tells: how far it is, what became of each row, and why some were refused; plain enough for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = dict[str, object]

DONE, CANCELLED = "done", "cancelled"


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of what a file holds: orders, products, places or stock.

    Of those that `changed`, so many were `updated`; the rest waits for the office, since picking has begun. `lines`
    are order lines. `skipped` rows are none that count, by the rules of their format: code -> how many. `allocated`
    and `backordered` are the orders that were promised stock afterwards, whichever file they came from.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    updated: int = 0
    refused: int = 0
    lines: int = 0
    allocated: int = 0
    backordered: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, int]:
        """All but what was skipped, by name."""
        return {name: getattr(self, name) for name in _NUMBERS}

    def to_json(self) -> Json:
        """Plain values."""
        return {**self.numbers, "skipped": dict(self.skipped)}

    @staticmethod
    def from_json(told: Mapping[str, object]) -> ImportCounts:
        """What to_json gave."""
        skipped = told.get("skipped")
        numbers = {name: int(str(told.get(name, 0))) for name in _NUMBERS}
        return ImportCounts(**numbers, skipped=dict(skipped) if isinstance(skipped, dict) else {})


_NUMBERS = ("new", "same", "changed", "updated", "refused", "lines", "allocated", "backordered")


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A row that could not be taken; the sentence is `capture.refused.<code>` with its values."""

    file: str
    line: int
    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is, in bytes that were read (the file is checked first and then mapped), and what it came to.

    `allocating` says that the file is read to its end, and orders are promised stock.
    """

    bytes_done: int
    bytes_total: int
    counts: ImportCounts
    allocating: bool = False

    @property
    def percent(self) -> int:
        """From 0 to 100."""
        return min(100, self.bytes_done * 100 // self.bytes_total) if self.bytes_total else 0

    def to_json(self) -> Json:
        """Plain values."""
        return {
            "bytes_done": self.bytes_done,
            "bytes_total": self.bytes_total,
            "counts": self.counts.to_json(),
            "allocating": self.allocating,
        }

    @staticmethod
    def from_json(told: Mapping[str, object]) -> ImportProgress:
        """What to_json gave."""
        counts = told.get("counts")
        return ImportProgress(
            int(str(told["bytes_done"])),
            int(str(told["bytes_total"])),
            ImportCounts.from_json(counts if isinstance(counts, dict) else {}),
            bool(told.get("allocating")),
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to. `state` is done or cancelled; `format` the one that was found. Refused rows are kept."""

    import_id: int
    file: str
    format: str
    state: str
    counts: ImportCounts
    refused: tuple[RefusedLine, ...] = ()

    def to_json(self) -> Json:
        """Plain values."""
        return {
            "import": self.import_id,
            "file": self.file,
            "format": self.format,
            "state": self.state,
            "counts": self.counts.to_json(),
            "refused": [
                {"file": row.file, "line": row.line, "code": row.code, "values": dict(row.values)}
                for row in self.refused
            ],
        }

    @staticmethod
    def from_json(told: Mapping[str, object]) -> ImportReport:
        """What to_json gave."""
        counts, refused = told.get("counts"), told.get("refused")
        return ImportReport(
            int(str(told["import"])),
            str(told["file"]),
            str(told["format"]),
            str(told["state"]),
            ImportCounts.from_json(counts if isinstance(counts, dict) else {}),
            tuple(
                RefusedLine(str(row["file"]), int(row["line"]), str(row["code"]), dict(row["values"]))
                for row in (refused if isinstance(refused, list) else ())
            ),
        )
