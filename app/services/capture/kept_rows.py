"""Rows that a reader could take and the database cannot: told in our own headings, to be mended and tried again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.domain.capture import RefusedRow
from app.domain.capture_settings import ReadSettings


def refusal(
    file: str,
    format_name: str,
    line_number: int,
    code: str,
    values: dict[str, object],
    cells: Sequence[tuple[str, object]],
) -> RefusedRow:
    """A refused row made of named cells, in a form that the format's own reader takes back."""
    return RefusedRow(
        file=file,
        format=format_name,
        line_number=line_number,
        code=code,
        values=tuple((name, str(value)) for name, value in values.items()),
        raw=_csv_line([value for _name, value in cells]),
        header=_csv_line([name for name, _value in cells]),
        settings=ReadSettings(encoding="utf-8", delimiter=","),
    )


def _csv_line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()
