"""Office, Sourcing, Kept back: safety stock, what is kept back from channels, and the sources of each channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.barcodes import read_code
from app.domain.outcomes import Outcome, refused
from app.domain.roles import Permission
from app.domain.sourcing_stock import EVERY
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, not_permitted
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind
from app.presenters.times import number
from app.queries.kept_back import ChannelSources, KeptRow, channel_sources, kept_rows
from app.queries.warehouses import SiteRow, site_rows
from app.services import keep_back
from app.services.actor import Actor
from app.services.identify import NamedKind, identify

SAFETY, BUFFER, SOURCES, REMOVE = "kept-safety", "kept-buffer", "kept-sources", "kept-remove"


@dataclass(frozen=True, slots=True)
class Known:
    """What the section shows."""

    rows: tuple[KeptRow, ...] = ()
    channels: tuple[ChannelSources, ...] = ()
    sites: tuple[SiteRow, ...] = ()


class KeptBackSection:
    """The list of all that was said; Enter changes it."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.fields = Fields()
        self.known = Known()
        self.chosen = self.panel = ""

    def enter(self) -> None:
        """All of it."""

        def put(found: Known) -> None:
            self.known = found

        def read(session: Session) -> Known:
            return Known(kept_rows(session), channel_sources(session), site_rows(session))

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """All is there."""

    def _row(self) -> KeptRow | None:
        return next((row for row in self.known.rows if row.key == self.chosen), None)

    def _channel(self) -> ChannelSources | None:
        return next((one for one in self.known.channels if f"channel:{one.channel_id}" == self.chosen), None)

    def command(self, code: str) -> bool:
        """Add safety stock or a buffer, say a channel's sources, remove."""
        acts: dict[str, Callable[[], None]] = {
            SAVE: self._save,
            CLOSE: lambda: self._close(),
            SAFETY: lambda: self._open(SAFETY),
            BUFFER: lambda: self._open(BUFFER),
            SOURCES: lambda: self._open(SOURCES),
            REMOVE: self._remove,
        }
        act = acts.get(code)
        if act is None:
            return False
        act()
        self._desk.publish()
        return True

    def _close(self) -> None:
        self.panel = ""

    def _open(self, panel: str, row: KeptRow | None = None) -> None:
        self.panel = panel
        channel = self._channel()
        first = channel or (self.known.channels[0] if self.known.channels else None)
        if row is not None:
            key = next((one.key for one in self.known.channels if one.channel_id == row.channel_id), "")
            self.fields.fill(
                channel=key, kept_product=row.sku, kept_site=row.site, kept_units=str(row.quantity),
                kept_percent=str(row.percent),
            )  # fmt: skip
        elif panel == SOURCES:
            self.fields.fill(channel=first.key if first else "", sources=", ".join(first.sources) if first else "")
        else:
            self.fields.fill(channel=first.key if first else "", kept_percent="0")

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """Something that was said, or the channel of the form."""
        if what == "form":
            self.fields.put("channel", key)
            found = next((one for one in self.known.channels if one.key == key), None)
            if self.panel == SOURCES and found is not None:
                self.fields.put("sources", ", ".join(found.sources))
            return
        self.chosen = key
        row = self._row()
        if opened and row is not None:
            self._open(SAFETY if row.kind == "safety" else BUFFER, row)
        elif opened and self._channel() is not None:
            self._open(SOURCES)

    def back(self) -> bool:
        """Out of the form."""
        was, self.panel = self.panel, ""
        return bool(was)

    # -- deeds

    def _save(self) -> None:
        if self.panel == SOURCES:
            self._save_sources()
        elif self.panel in (SAFETY, BUFFER):
            self._save_kept(self.panel == BUFFER)

    def _save_kept(self, buffer: bool) -> None:
        fields = self.fields
        if not fields.wanted(*(("channel", "kept_units") if buffer else ("kept_units",))):
            return
        site, channel = self._site_id(), self._channel_id() if buffer else 0
        units, percent = self._whole("kept_units"), self._whole("kept_percent") if buffer else 0
        if site is None or channel is None or units is None or percent is None:
            return
        code, actor, database = fields.get("kept_product"), self._desk.actor(), self._desk.database

        def work(session: Session) -> Outcome:
            product = _product(session, actor, code)
            if isinstance(product, Outcome):
                return product
            if buffer:
                return keep_back.set_buffer(session, actor, channel, units, percent, site, product)
            return keep_back.set_safety(session, actor, units, site, product)

        self._desk.do(lambda: database.write(work), self._changed)

    def _save_sources(self) -> None:
        channel = self._channel_id()
        named = [code.strip().casefold() for code in self.fields.get("sources").split(",") if code.strip()]
        known = {site.code.casefold(): site.id for site in self.known.sites}
        unknown = next((code for code in named if code not in known), None)
        if unknown is not None:
            self.fields.wrong["sources"] = say("office_kept.no_site", code=unknown.upper())
        if channel is None or unknown is not None:
            return
        ids, actor, database = [known[code] for code in named], self._desk.actor(), self._desk.database
        self._desk.do(lambda: database.write(lambda s: keep_back.set_sources(s, actor, channel, ids)), self._changed)

    def _site_id(self) -> int | None:
        told = self.fields.get("kept_site").casefold()
        if not told:
            return EVERY
        found = next(
            (site.id for site in self.known.sites if told in (site.code.casefold(), site.name.casefold())), None
        )
        if found is None:
            self.fields.wrong["kept_site"] = say("office_transfers.no_site")
        return found

    def _channel_id(self) -> int | None:
        told = self.fields.get("channel").casefold()
        channels = self.known.channels
        found = next((one.channel_id for one in channels if told in (one.key.casefold(), one.name.casefold())), None)
        if found is None:
            self.fields.wrong["channel"] = say("office_kept.no_channel")
        return found

    def _whole(self, name: str) -> int | None:
        text = self.fields.get(name) or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= 7):
            self.fields.wrong[name] = say("office_sourcing.bad_number")
            return None
        return int(text)

    def _remove(self) -> None:
        row, actor, database = self._row(), self._desk.actor(), self._desk.database
        if row is not None:
            kind, key = row.kind, row.row_id
            self._desk.do(lambda: database.write(lambda s: keep_back.remove_kept(s, actor, kind, key)), self._changed)

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
        self.enter()

    # -- state

    def state(self) -> office.Section:
        """All that is kept back, then the channels with their sources."""
        columns = (
            parts.Column(say("office_kept.column.what"), 190),
            parts.Column(say("office_kept.column.from"), 170),
            parts.Column(say("office_kept.column.product")),
            parts.Column(say("office_kept.column.site"), 170),
            parts.Column(say("office_kept.column.units"), 150, numbers=True),
        )
        rows = (*(_kept(row) for row in self.known.rows), *(_sources(one) for one in self.known.channels))
        keys = {row.key for row in rows}
        chosen = self.chosen if self.chosen in keys else rows[0].key if rows else ""
        self.chosen = chosen
        table = parts.Table("kept", columns, rows, chosen, empty=say("office_kept.none"))
        why = not_permitted(self._desk.station.may(Permission.MANAGE_PRODUCTS))
        nobody = "" if self.known.channels else say("stock_screen.no_channels")
        commands = (
            parts.Command(SAFETY, say("office_kept.safety"), "N", icon="plus", reason=why),
            parts.Command(BUFFER, say("office_kept.buffer"), "B", icon="plus", reason=why or nobody),
            parts.Command(SOURCES, say("office_kept.sources"), "L", reason=why or nobody),
            parts.Command(
                REMOVE, say("office_sourcing.remove"), "X", kind=Kind.DANGER,
                reason=why or ("" if self._row() else say("office_kept.choose_one")),
            ),
        )  # fmt: skip
        head = parts.CardHead(say("office_kept.title"), "shield-check")
        return office.Section(head, table, (), self._form(), None, commands)

    def _form(self) -> Form | None:
        told = self.fields.get("channel")
        tabs = tuple(parts.Tab(one.key, one.name, chosen=one.key == told) for one in self.known.channels[:9])
        every, where = say("office_kept.hint.every"), say("office_kept.hint.every_site")
        shown = (
            self.fields.field("kept_product", every, code=True), self.fields.field("kept_site", where, code=True),
            self.fields.field("kept_units"),
        )  # fmt: skip
        if self.panel == SAFETY:
            return form(
                SAFETY, say("office_kept.safety"), shown, "office_screen.save",
                detail=say("office_kept.safety.detail"), beside=("kept_site",),
            )  # fmt: skip
        if self.panel == BUFFER:
            fields = (self.fields.field("channel", code=True), *shown, self.fields.field("kept_percent"))
            return form(
                BUFFER, say("office_kept.buffer"), fields, "office_screen.save", tabs=tabs,
                detail=say("office_kept.buffer.detail"), beside=("kept_site", "kept_percent"),
            )  # fmt: skip
        if self.panel == SOURCES:
            hint = ", ".join(site.code for site in self.known.sites[:6])
            named = (self.fields.field("channel", code=True), self.fields.field("sources", hint, code=True))
            return form(
                SOURCES, say("office_kept.sources"), named, "office_screen.save", tabs=tabs,
                detail=say("office_kept.sources.detail"),
            )  # fmt: skip
        return None


def _kept(row: KeptRow) -> parts.TableRow:
    units = [number(row.quantity)] if row.quantity or not row.percent else []
    units += [f"{row.percent} %"] if row.percent else []
    chip = parts.Chip(
        say(f"office_kept.kind.{row.kind}"), Family.WARN if row.kind == "safety" else Family.ACCENT,
        "shield-check" if row.kind == "safety" else "broadcast",
    )  # fmt: skip
    return parts.TableRow(
        row.key,
        (
            parts.Cell(chip=chip),
            parts.Cell(row.channel or say("office_kept.everybody"), quiet=not row.channel),
            parts.Cell(row.product, row.sku, strong=True) if row.sku else parts.Cell(say("office_kept.every_product")),
            parts.Cell(row.site_name or say("office_kept.every_site"), quiet=not row.site),
            parts.Cell(", ".join(units), strong=True),
        ),
    )


def _sources(one: ChannelSources) -> parts.TableRow:
    return parts.TableRow(
        f"channel:{one.channel_id}",
        (
            parts.Cell(chip=parts.Chip(say("office_kept.kind.sources"), Family.TODO, "path")),
            parts.Cell(one.name, strong=True),
            parts.Cell(""),
            parts.Cell(", ".join(one.sources) or say("office_kept.all_sites"), quiet=not one.sources),
            parts.Cell(""),
        ),
    )


def _product(session: Session, actor: Actor, code: str) -> int | Outcome:
    """The product that a code names; every one for no code."""
    if not code:
        return EVERY
    named = identify(session, read_code(code), actor.warehouse_id)
    found = next((one.ref for one in named if one.kind is NamedKind.PRODUCT), None)
    return refused("office_screen.no_product", code=code) if found is None else found
