"""Reads a file, or bytes as if they were one, and sorts what comes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.capture import (
    Captured,
    CapturedLocation,
    CapturedOrder,
    CapturedProduct,
    CapturedStock,
    Progress,
    RefusedRow,
    SkippedRow,
)
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.formats import readers


@dataclass(frozen=True)
class Read:
    values: list[Captured]

    @property
    def orders(self) -> list[CapturedOrder]:
        return [value for value in self.values if isinstance(value, CapturedOrder)]

    @property
    def order(self) -> CapturedOrder:
        assert len(self.orders) == 1, self.values
        return self.orders[0]

    @property
    def products(self) -> list[CapturedProduct]:
        return [value for value in self.values if isinstance(value, CapturedProduct)]

    @property
    def locations(self) -> list[CapturedLocation]:
        return [value for value in self.values if isinstance(value, CapturedLocation)]

    @property
    def stock(self) -> list[CapturedStock]:
        return [value for value in self.values if isinstance(value, CapturedStock)]

    @property
    def refused(self) -> list[RefusedRow]:
        return [value for value in self.values if isinstance(value, RefusedRow)]

    @property
    def skipped(self) -> list[SkippedRow]:
        return [value for value in self.values if isinstance(value, SkippedRow)]

    @property
    def progress(self) -> list[Progress]:
        return [value for value in self.values if isinstance(value, Progress)]


def read_file(format_: str, path: Path, settings: ReadSettings | None = None) -> Read:
    return Read(list(readers()[format_].read(path, settings or ReadSettings())))


def read_text(
    format_: str, folder: Path, content: str | bytes, settings: ReadSettings | None = None, name: str = "file.csv"
) -> Read:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return read_file(format_, path, settings)


def retry(refused: RefusedRow, mended: str | None = None) -> Read:
    return Read(list(readers()[refused.format].retry(refused, mended)))
