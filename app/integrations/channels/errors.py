"""Why a row is not taken: raised by mappers, turned into refused rows by the reader."""

from __future__ import annotations

from dataclasses import dataclass

from app.integrations.channels.tabular.table import Record


class RowProblem(Exception):  # noqa: N818 - an answer about a row, not an error of ours
    """A row that cannot be taken: the sentence is `capture.refused.<code>` with its values."""

    def __init__(self, record: Record, code: str, **values: object) -> None:
        super().__init__(code)
        self.record = record
        self.code = code
        self.values = tuple((name, str(value)) for name, value in values.items())


@dataclass(frozen=True, slots=True)
class RowSkipped:
    """A row that a mapper leaves out by the rules of its format: `capture.skipped.<code>`."""

    record: Record
    code: str
