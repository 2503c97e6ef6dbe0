"""Settings of the whole database: typed, read in one query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Text, cast, func, select, text
from sqlalchemy.orm import Session

from app.models.prepared import Prepared
from app.models.system import Setting

AT_LABEL = "at_label"
AT_TRUCK = "at_truck"

_ALL = Prepared(select(Setting.key, Setting.value))


@dataclass(frozen=True, slots=True)
class FloorSettings:
    """How this floor works. What a new database has stands here as the default.

    `handover`: a parcel counts as handed over when its label is printed (`at_label`), or by scan of cage and truck.
    `label_scan_back`: the label must be scanned once it is on the box. `cut_off`: local time by which a day's orders
    leave. `tolerate_weight`: whether a parcel whose weight differs may be closed without a confirmation.
    """

    handover: str = AT_LABEL
    label_scan_back: bool = False
    cut_off: str = "16:30"
    print_packing_slip: bool = True
    confirm_weight: bool = True
    release_by_itself: bool = False
    cart_slots: int = 6
    claim_minutes: int = 10
    restock_grades: str = "new"
    refund_by_lead_above: int = 0


_KINDS = {field.name: type(field.default) for field in fields(FloorSettings)}
_SEPARATOR = "\n"
"""Between settings that are read as one text; JSON writes a line end in a value otherwise."""


def settings_text() -> ScalarSelect[str]:
    """All floor settings as one text, for a statement that reads other things too: see `settings_of`."""
    line = Setting.key + "=" + cast(Setting.value, Text)
    known = text(f"settings.key IN ({', '.join(repr(name) for name in _KINDS)})")
    return select(func.aggregate_strings(line, _SEPARATOR)).select_from(Setting).where(known).scalar_subquery()


@lru_cache(8)
def settings_of(stored: str | None) -> FloorSettings:
    """The settings that `settings_text` gave; the same text is taken apart once."""
    pairs = (line.partition("=") for line in (stored or "").split(_SEPARATOR) if line)
    return _settings((key, json.loads(value)) for key, _, value in pairs)


def floor_settings(session: Session) -> FloorSettings:
    """All floor settings; what was never set has its default, what this version does not know is left out."""
    return _settings(_ALL.rows(session, {}))


def _settings(pairs: Iterable[Any]) -> FloorSettings:
    stored: dict[str, Any] = {
        key: value for key, value in pairs if (kind := _KINDS.get(key)) is not None and isinstance(value, kind)
    }
    return FloorSettings(**stored)


def get_setting(session: Session, key: str) -> object | None:
    """One setting as it is stored."""
    return session.execute(select(Setting.value).where(Setting.key == key)).scalar_one_or_none()


def put_setting(session: Session, key: str, value: object) -> None:
    """Stores one setting."""
    row = session.get(Setting, key)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    session.flush()
