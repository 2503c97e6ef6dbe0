"""How a file is to be read: its mapping of columns, and what was given or found out about it."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.domain.errors import BadUseError

Columns: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of theirs holds which field of ours, and how they write dates and decimals.

    `date_format` is in strptime's letters (`%d.%m.%Y %H:%M`) or spelled (`DD.MM.YYYY hh:mm`); `decimal` is ',' or '.'.
    """

    columns: Columns = ()
    date_format: str = ""
    decimal: str = ""

    def to_json(self) -> str:
        """The form that `--mapping FILE` reads."""
        told = {"columns": dict(self.columns), "date_format": self.date_format, "decimal": self.decimal}
        return json.dumps(told, ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> Mapping:
        """Reads {"columns": {ours: theirs}, "date_format", "decimal"}; columns may stand at the top too.

        Raises BadUseError (`capture.mapping.*`) when it is no such JSON.
        """
        try:
            told = json.loads(text)
        except ValueError as error:
            raise BadUseError("capture.mapping.not_json", reason=str(error)) from error
        if not isinstance(told, dict):
            raise BadUseError("capture.mapping.not_object")
        return _mapping(told)


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """What the reader is told; an empty text is found out from the file (a refused row keeps what was found).

    `zone` (IANA name) is that of the times that stand without one; `currency` that of amounts without one.
    `day_first` decides dates such as 03/04/2026 when nothing in the file does.
    """

    zone: str = ""
    currency: str = ""
    encoding: str = ""
    delimiter: str = ""
    mapping: Mapping = Mapping()
    day_first: bool = True

    def with_found(self, **found: str) -> ReadSettings:
        """The same with what was found out: encoding, delimiter, zone, currency."""
        return replace(self, **found)  # type: ignore[arg-type]

    def to_json(self) -> str:
        """One JSON text to keep beside a refused row."""
        return json.dumps({
            "zone": self.zone, "currency": self.currency, "encoding": self.encoding, "delimiter": self.delimiter,
            "day_first": self.day_first, "mapping": json.loads(self.mapping.to_json()),
        }, ensure_ascii=False)  # fmt: skip

    @staticmethod
    def from_json(text: str) -> ReadSettings:
        """What to_json gave."""
        told = json.loads(text)
        return ReadSettings(
            zone=told["zone"], currency=told["currency"], encoding=told["encoding"], delimiter=told["delimiter"],
            day_first=told["day_first"], mapping=_mapping(told["mapping"]),
        )  # fmt: skip


_DECIMALS = {"": "", ",": ",", ".": ".", "comma": ",", "point": ".", "dot": ".", "komma": ",", "punkt": "."}


_OPTIONS = frozenset(("columns", "fields", "dateformat", "decimal", "decimalsign"))


def _mapping(told: MappingABC[str, object]) -> Mapping:
    options = {key: value for key, value in told.items() if _plain(key) in _OPTIONS}
    plain = {_plain(key): value for key, value in options.items()}
    columns = plain.get("columns", plain.get("fields", {}))
    if not isinstance(columns, dict):
        raise BadUseError("capture.mapping.columns_not_object")
    pairs = [*columns.items(), *((key, value) for key, value in told.items() if key not in options)]
    for ours, theirs in pairs:
        if not isinstance(theirs, str) or not theirs.strip():
            raise BadUseError("capture.mapping.column_not_text", field=ours)
    decimal = str(plain.get("decimal") or plain.get("decimalsign") or "").strip().lower()
    if decimal not in _DECIMALS:
        raise BadUseError("capture.mapping.decimal_unknown", decimal=decimal)
    date_format = str(plain.get("dateformat") or "")
    return Mapping(tuple((str(ours), str(theirs)) for ours, theirs in pairs), date_format, _DECIMALS[decimal])


def _plain(key: object) -> str:
    return "".join(char for char in str(key).lower() if char.isalnum())
