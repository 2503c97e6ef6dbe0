"""Pack, as the station handles it."""

from __future__ import annotations

from collections import deque
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.outcomes import Change, Outcome, Result
from app.domain.states import PackageState, PrintJobState
from app.domain.work import PackWork, Parcel
from app.models.database import Session
from app.presenters.gateway import JobEvent
from app.presenters.lamps import BenchDevices
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel, Printing, after
from app.presenters.state.pack import Pack
from app.presenters.state.parts import Family
from app.presenters.station_info import StationInfo
from app.queries.bench import BenchDay, ReadyTote, bench_day, more_to_ship, ready_totes
from app.queries.hold_shelf import OnShelf, on_shelf
from app.queries.label_troubles import LabelTrouble, label_troubles
from app.queries.pack_work import pack_work, with_parcels
from app.queries.print_doubts import PrintDoubt, print_doubts
from app.services.print_routes import LABEL, neighbours, stand_in
from app.services.settings_store import AT_TRUCK, FloorSettings, floor_settings

EARLY_EVENTS = 16
"""So many events of parcels that are not shown are kept: the answer that shows them may come after them."""


@dataclass(frozen=True, slots=True)
class Around:
    """What waits for this bench, how its day stands, how the floor works, and how the order just finished stands now.

    `rest` says that more of that order could be shipped. Of an order that is still open only the `parcels` are read.
    """

    totes: tuple[ReadyTote, ...]
    day: BenchDay
    settings: FloorSettings
    finished: PackWork | None = None
    parcels: PackWork | None = None
    rest: bool = False
    troubles: tuple[LabelTrouble, ...] = ()
    doubts: tuple[PrintDoubt, ...] = ()
    benches: tuple[str, ...] = ()
    unfit: str = ""
    shelf: tuple[OnShelf, ...] = ()


class PackPage:
    """Implements `floor_page.FloorPage`."""

    owns = frozenset({"pack", "label"})
    refreshing = frozenset(
        {
            "pack.complete",
            "pack.label_applied",
            "pack.put_aside",
            "pack.left",
            "label.collected",
            "pack.came_out",
            "pack.did_not_come_out",
        }
    )

    def __init__(self) -> None:
        self.model = PackModel()
        self._settings = FloorSettings()
        self._early: deque[JobEvent] = deque(maxlen=EARLY_EVENTS)

    @property
    def has_work(self) -> bool:
        """Whether an order is open, or was just finished."""
        return self.model.work is not None

    @property
    def stands_on(self) -> AbstractSet[Change]:
        """The order that is open here, and its fulfillment; one that is packed too, for its label may be void."""
        work = self.model.work
        if work is None:
            return frozenset()
        return frozenset({Change("fulfillment", work.fulfillment_id), Change("order", work.head.order_id)})

    def take(self, outcome: Outcome, now: datetime) -> None:
        """Takes an answer, and what was told of its parcel's documents before it came: printing may be faster."""
        self.model = after(self.model, outcome, now)
        if outcome.result is Result.NAVIGATE:
            self._early.clear()  # what was told before is of other work
        early, shown = tuple(self._early), self._shown
        if not shown.isdisjoint(event.package_id for event in early):
            self._early.clear()
            for event in early:
                self.job(event)

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """The panel shows the work again, or what else is told."""
        if self.model.said == told:
            self.model = replace(self.model, said=instead)

    def storing(self) -> None:
        """The panel says so, and still shows the old count."""
        self.model = replace(self.model, storing=True)

    def clear(self) -> None:
        """Forgets the work."""
        self.model = PackModel(totes=self.model.totes, day=self.model.day, shelf=self.model.shelf)

    def job(self, event: JobEvent) -> None:
        """Only the label of the parcel on the screen is shown; its slip follows by itself, where it should come out."""
        if event.document == LABEL and event.state is PrintJobState.PRINTED:
            shelf = tuple(replace(one, out=one.out or one.package_id == event.package_id) for one in self.model.shelf)
            self.model = replace(self.model, shelf=shelf)
        if event.package_id not in self._shown:
            self._early.append(event)
            return
        if event.instead:
            self.model = replace(self.model, elsewhere=(*self.model.elsewhere, (event.document, event.instead)))
        if event.document == LABEL:
            printing = Printing(event.job_id, event.state, event.reason, event.printer, event.at, event.instead)
            self.model = replace(self.model, printing=printing)

    @property
    def _shown(self) -> AbstractSet[int | None]:
        work = self.model.work
        return {parcel.package_id for parcel in work.parcels} if work is not None else set()

    def look_around(self, session: Session, station: StationInfo, now: datetime, since: datetime) -> object:
        """The totes that wait, and this station's day."""
        model = self.model
        work, finished, parcels, rest = model.work, None, None, False
        if work is not None:
            if model.finished:
                package_id = work.parcels[-1].package_id if work.parcels else None
                finished = pack_work(session, work.fulfillment_id, package_id, work.carton_code)
            else:
                parcels = with_parcels(session, work)
            rest = more_to_ship(session, work.head.order_id, work.fulfillment_id)
        other = stand_in(session, station.station_id, LABEL, now)
        return Around(
            ready_totes(session, station.warehouse_id),
            bench_day(session, station.station_id, since),
            floor_settings(session),
            finished,
            parcels,
            rest,
            label_troubles(session, since, station.station_id),
            print_doubts(session, station.station_id),
            neighbours(session, station.station_id),
            other.unfit if other is not None else "",
            on_shelf(session, station.station_id),
        )

    def local(self, code: str) -> bool:
        """Nothing concerns the screen alone."""
        return False

    def looked(self, found: object) -> None:
        """Takes what was read."""
        if isinstance(found, Around):
            self.model = replace(
                self.model,
                totes=found.totes,
                day=found.day,
                rest=found.rest,
                troubles=found.troubles,
                doubts=found.doubts,
                benches=found.benches,
                unfit=found.unfit,
                shelf=found.shelf,
            )
            work, fresh = self.model.work, found.finished or found.parcels
            if work and fresh and fresh.fulfillment_id == work.fulfillment_id:
                whole = found.finished is not None and self.model.finished
                self.model = replace(self.model, work=fresh if whole else with_labels_of(work, fresh))
            self._settings = found.settings

    def state(self, now: datetime, station: StationInfo, devices: BenchDevices) -> tuple[Pack, Family | None]:
        """What is drawn."""
        around = Surroundings(
            now,
            station.clock_zone,
            devices.reading(),
            devices.monotonic(),
            self._settings.label_scan_back,
            self._settings.handover == AT_TRUCK,
            trouble=devices.trouble(),
        )
        drawn = pack_state(self.model, around)
        return drawn, drawn.frame


def with_labels_of(work: PackWork, fresh: PackWork) -> PackWork:
    """Open work with what became of its parcels' labels; all else of it changes by answers alone."""
    now = {parcel.package_id: parcel for parcel in fresh.parcels}
    return replace(work, parcels=tuple(_labelled(parcel, now.get(parcel.package_id)) for parcel in work.parcels))


def _labelled(parcel: Parcel, now: Parcel | None) -> Parcel:
    if now is None or parcel.state is PackageState.OPEN:
        return parcel
    return replace(
        parcel,
        label_id=now.label_id,
        label_state=now.label_state,
        tracking_number=now.tracking_number,
        refusal=now.refusal,
        held=now.held,
    )
