"""Settings of the whole database: typed, read in one query."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
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


def floor_settings(session: Session) -> FloorSettings:
    """All floor settings; what was never set has its default, what this version does not know is left out."""
    rows = _ALL.rows(session, {})
    stored: dict[str, Any] = {
        key: value for key, value in rows if (kind := _KINDS.get(key)) is not None and isinstance(value, kind)
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
