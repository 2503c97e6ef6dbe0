"""Office, Receiving and Release: what comes in, and what goes to the pickers."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.barcodes import read_code
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, not_permitted
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.presenters.times import day_or_clock
from app.queries.office_lists import NEWEST, PAGE, Delivery, deliveries
from app.queries.release import LIMIT, OpenList, ReleaseFigures, open_lists, release_figures
from app.queries.supplier_requests import suppliers_wait
from app.services import allocate, receive, release
from app.services.drop_ship import ask_suppliers
from app.services.identify import NamedKind, identify
from app.services.permissions import forbidden

MOST_SLOTS = 12


class ReceivingSection:
    """Goods that came in, by typing; by scan they come in on the Stock screen."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.fields = Fields()
        self.rows: tuple[Delivery, ...] = ()
        self.full = False

    def enter(self) -> None:
        """The last deliveries."""
        self._page(NEWEST)

    def _page(self, below: int) -> None:
        warehouse = self._desk.station.warehouse_id

        def put(found: tuple[Delivery, ...]) -> None:
            self.rows = found if below == NEWEST else (*self.rows, *found)
            self.full = len(found) == PAGE

        self._desk.read(lambda: self._desk.database.read(lambda s: deliveries(s, warehouse, below)), put)

    def more(self) -> None:
        """Earlier deliveries."""
        if self.full:
            self._page(self.rows[-1].receipt_id)

    def command(self, code: str) -> bool:
        """Book what was typed, or begin anew."""
        if code == SAVE:
            self._save()
        elif code == CLOSE:
            self.fields.fill()
        else:
            return False
        self._desk.publish()
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """One field."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """Deliveries are only shown."""

    def back(self) -> bool:
        """Nothing to step back from."""
        return False

    def _save(self) -> None:
        fields = self.fields
        if not fields.wanted("product", "quantity", "place"):
            return
        told = fields.get("quantity")
        if not (told.isascii() and told.isdigit()) or not 0 < int(told[:9]) <= receive.MOST or len(told) > 9:
            fields.wrong["quantity"] = say("office_screen.bad_quantity")
            return
        expires = _date(fields.get("expiry"))
        if fields.get("expiry") and expires is None:
            fields.wrong["expiry"] = say("office_screen.bad_date")
            return
        actor, texts = self._desk.actor(), {name: fields.get(name) for name in fields.texts}

        def work() -> Outcome:
            return self._desk.database.write(lambda session: _receive(session))

        def _receive(session: Session) -> Outcome:
            named = identify(session, read_code(texts["product"]), actor.warehouse_id)
            product = next((one for one in named if one.kind is NamedKind.PRODUCT), None)
            if product is None:
                return refused("office_screen.no_product", code=texts["product"])
            spots = identify(session, read_code(texts["place"]), actor.warehouse_id)
            place = next((one for one in spots if one.kind is NamedKind.LOCATION), None)
            if place is None:
                return refused("office_screen.no_place", code=texts["place"])
            return receive.receive(
                session, actor, product.ref, int(told) * product.quantity, place.ref, lot=texts.get("lot", ""),
                expires_on=expires, reference=texts.get("reference", ""), supplier=texts.get("supplier", ""),
            )  # fmt: skip

        self._desk.do(work, self._received)

    def _received(self, outcome: Outcome) -> None:
        if not outcome.refused:
            kept = {name: self.fields.get(name) for name in ("reference", "supplier", "place")}
            self.fields.fill(**kept)
            self.enter()

    def state(self) -> office.Section:
        """Deliveries, and the form."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_screen.column.when"), 130),
            parts.Column(say("office_screen.column.reference"), 240),
            parts.Column(say("office_screen.column.supplier")),
        )
        rows = tuple(
            parts.TableRow(
                str(row.receipt_id),
                (
                    parts.Cell(day_or_clock(row.at, now, zone)),
                    parts.Cell(row.reference or "–", code=True, strong=True),
                    parts.Cell(row.supplier),
                ),
            )
            for row in self.rows
        )
        table = parts.Table(
            "receipts", columns, rows, more=self.full, two_lines=False, empty=say("office_screen.receiving.none")
        )
        names = ("product", "quantity", "place", "lot", "expiry", "reference", "supplier")
        fields = tuple(self.fields.field(name, code=name in ("product", "place", "lot")) for name in names)
        made = form(
            "receiving", say("office_screen.receiving.title"), fields, "office_screen.receiving.save",
            beside=("place", "expiry", "supplier"), asks=False,
        )  # fmt: skip
        return office.Section(parts.CardHead(say("office_screen.receiving.last"), "truck"), table, form=made)


class ReleaseSection:
    """What is ready, how many slots a cart has, and the walks that wait."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.fields = Fields()
        self.figures: ReleaseFigures | None = None
        self.lists: tuple[OpenList, ...] = ()

    def enter(self) -> None:
        """Figures and walks."""
        warehouse, now = self._desk.station.warehouse_id, self._desk.clock()

        def put(found: tuple[ReleaseFigures, tuple[OpenList, ...]]) -> None:
            self.figures, self.lists = found

        self._desk.read(
            lambda: self._desk.database.read(lambda s: (release_figures(s, warehouse), open_lists(s, warehouse, now))),
            put,
        )

    def more(self) -> None:
        """All walks are there."""

    def command(self, code: str) -> bool:
        """Release."""
        if code in (SAVE, Command.RELEASE.code):
            self._save()
        elif code == CLOSE:
            self.fields.fill()
        else:
            return False
        self._desk.publish()
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """How many slots, how many orders."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A walk opens by its code."""
        if opened:
            self._desk.send(key)

    def back(self) -> bool:
        """Nothing to step back from."""
        return False

    def _save(self) -> None:
        numbers: dict[str, int | None] = {}
        for name, most in (("slots", MOST_SLOTS), ("orders", 100_000)):
            told = self.fields.get(name)
            if told and not (told.isascii() and told.isdigit() and 1 <= int(told[:9]) <= most):
                self.fields.wrong[name] = say("office_screen.from_to", most=most)
                return
            numbers[name] = int(told) if told else None
        actor = self._desk.actor()
        limit, slots = numbers["orders"] or 1000, numbers["slots"]

        def work() -> Outcome:
            not_allowed = self._desk.database.read(lambda s: forbidden(s, actor, Permission.RELEASE_WORK))
            if not_allowed is not None:
                return not_allowed
            self._desk.database.write(lambda session: allocate.allocate_ready(session, actor, 500))
            made = self._desk.database.write(lambda session: release.release(session, actor, limit, slots=slots))
            if self._desk.database.read(suppliers_wait):
                self._desk.database.write(lambda session: ask_suppliers(session, actor))
            if made.wave_id is None:
                return refused("orders.released_none", Sound.ATTENTION)
            return done("orders.released", count=len(made.fulfillment_ids), lists=len(made.pick_list_ids))

        self._desk.do(work, lambda _outcome: self.enter())

    def state(self) -> office.Section:
        """Figures, walks, the form."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_screen.column.walk"), 130),
            parts.Column(say("office_screen.column.leaves"), 110),
            parts.Column(say("office_screen.column.totes"), 80, numbers=True),
            parts.Column(say("office_screen.column.stops"), 110, numbers=True),
            parts.Column(say("office_screen.column.picker")),
        )
        rows = tuple(
            parts.TableRow(
                one.code,
                (
                    parts.Cell(one.code, code=True, strong=True),
                    parts.Cell("" if one.leaves_at is None else day_or_clock(_moment(one.leaves_at), now, zone)),
                    parts.Cell(str(one.slots)),
                    parts.Cell(say("office_screen.of", have=one.stops - one.stops_left, all=one.stops)),
                    parts.Cell(one.picker or say("orders.nobody"), strong=bool(one.picker), quiet=not one.picker),
                ),
            )
            for one in self.lists
        )
        table = parts.Table("lists", columns, rows, two_lines=False, empty=say("office_screen.release.no_lists"))
        found = self.figures
        facts = () if found is None else tuple(
            parts.Fact(say(f"office_screen.fact.{name}"), _ended(getattr(found, name)))
            for name in ("to_allocate", "to_release", "open_lists", "walking", "backordered")
        )  # fmt: skip
        allowed = not_permitted(self._desk.station.may(Permission.RELEASE_WORK))
        fields = (self.fields.field("slots", "6"), self.fields.field("orders", "1000"))
        made = Form(
            "release",
            say("office_screen.release.title"),
            say("office_screen.release.detail"),
            fields,
            commands=(parts.Command(SAVE, say("orders.release"), "R", kind=Kind.PRIMARY, reason=allowed),),
            beside=("orders",),
            asks=False,
        )
        return office.Section(parts.CardHead(say("office_screen.release.lists"), "shopping-cart"), table, facts, made)


def _ended(count: int) -> str:
    return "9,999+" if count >= LIMIT else str(count)


def _moment(stored: int) -> datetime:
    return datetime.fromtimestamp(stored / 1000, UTC)


def _date(text: str) -> datetime | None:
    """The end of a day written as 2027-12-31."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(hour=23, minute=59, second=59, tzinfo=UTC) if text else None
    except ValueError:
        return None
