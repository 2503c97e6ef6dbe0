"""Takes the places of a warehouse from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.domain.capture import CapturedLocation, RefusedRow
from app.domain.outcomes import Change
from app.domain.states import COUNTERPARTY_KINDS, LocationKind
from app.domain.storable import storable
from app.models.stock import Location, StockBalance
from app.services.actor import Actor
from app.services.audit import record
from app.services.capture.kept_rows import refusal
from app.services.changes import note_changes
from app.services.ids import new_ids

FORMAT = "csv-locations"
_SYNONYMS = {"": LocationKind.SHELF, "pick": LocationKind.SHELF, "picking": LocationKind.SHELF}
_SYNONYMS |= {"reserve": LocationKind.BULK, "pallet": LocationKind.BULK, "storage": LocationKind.BULK}
_PARTS = ("zone", "aisle", "bay", "level", "position")
_KNOWN = select(Location).where(
    Location.warehouse_id == bindparam("warehouse"), Location.code.in_(bindparam("codes", expanding=True))
)


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """What became of captured places."""

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: tuple[RefusedRow, ...] = ()

    def __add__(self, other: PlaceCounts) -> PlaceCounts:
        return PlaceCounts(
            self.new + other.new, self.same + other.same, self.changed + other.changed, self.refused + other.refused
        )


def place_code(text: str) -> str:
    """The form in which places are kept and looked up: capitals without outer blanks."""
    return storable(text.strip().upper(), 64)


def capture_locations(
    session: Session, actor: Actor, places: Sequence[CapturedLocation], file: str = ""
) -> PlaceCounts:
    """Takes one chunk of places of the actor's warehouse, by code; the same again changes nothing."""
    refused: list[RefusedRow] = []
    told: dict[str, tuple[CapturedLocation, LocationKind]] = {}
    for place in places:
        kind = kind_of(place.kind)
        if kind is LocationKind.TRANSIT:  # these belong to transfers, which make them
            kind = None
        if kind is None or kind in COUNTERPARTY_KINDS:
            code = "place_kind_unknown" if kind is None else "place_is_counterparty"
            refused.append(_refused(file, place, code))
        else:
            told[place_code(place.code)] = (place, kind)
    given = {"warehouse": actor.warehouse_id, "codes": sorted(told)}
    known = {row.code: row for row in session.execute(_KNOWN, given).scalars()}
    new = [code for code in told if code not in known]
    ids = new_ids(session, "locations", len(new))
    if new:
        rows = [{"id": i, "code": code, **_row(actor, *told[code])} for i, code in zip(ids, new, strict=True)]
        session.connection().execute(insert(Location), rows)
    changed: list[int] = []
    for code, row in known.items():
        place, kind = told[code]
        values = _row(actor, place, kind)
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        if kind is not row.kind and _holds_goods(session, row.id):
            refused.append(_refused(file, place, "place_kind_differs", kind=row.kind.value))
            continue
        session.execute(update(Location).where(Location.id == row.id).values(**values))
        changed.append(row.id)
    if ids or changed:
        record(session, actor, "capture.locations", "location", None, {"new": len(ids), "changed": len(changed)})
        note_changes(session, actor, (Change("location", place_id) for place_id in [*ids, *changed]))
    return PlaceCounts(len(new), len(places) - len(new) - len(changed) - len(refused), len(changed), tuple(refused))


def kind_of(text: str) -> LocationKind | None:
    """The kind that a word in a file names; a shelf where there is none, None for a word that nobody knows."""
    word = text.strip().lower()
    if word in _SYNONYMS:
        return _SYNONYMS[word]
    return LocationKind(word) if word in set(LocationKind) else None


def _row(actor: Actor, place: CapturedLocation, kind: LocationKind) -> dict[str, object]:
    barcode = place_code(place.barcode)
    parts: dict[str, object] = {name: storable(getattr(place, name), 64) for name in _PARTS}
    return {
        **parts,
        "warehouse_id": actor.warehouse_id,
        "kind": kind,
        "barcode": "" if barcode == place_code(place.code) else barcode,
        "pick_sequence": place.pick_sequence or 0,
        "x_mm": place.x_mm,
        "y_mm": place.y_mm,
    }


def _holds_goods(session: Session, location_id: int) -> bool:
    lying = select(StockBalance.id).where(StockBalance.location_id == location_id, StockBalance.on_hand > 0).limit(1)
    return session.execute(lying).first() is not None


def _refused(file: str, place: CapturedLocation, code: str, **values: object) -> RefusedRow:
    names = ("code", *_PARTS, "kind", "barcode", "pick_sequence")
    cells = [(name.replace("_", " "), getattr(place, name)) for name in names]
    told: dict[str, object] = {"location": place.code, "kind": place.kind, **values}
    return refusal(file, FORMAT, place.line_number, code, told, cells)
