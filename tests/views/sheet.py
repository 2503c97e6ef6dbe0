"""The component sheet: parts that the pack screen does not show, each in its states."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.state import parts
from app.presenters.state.parts import Family, Kind, Stage
from app.views.kit import (
    Banner,
    Card,
    CartSlots,
    ChoiceButtons,
    CommandBar,
    DataTable,
    Figures,
    FloorMap,
    Look,
    SmallButton,
    Tabs,
    TextField,
    TimeLine,
)
from tests.views.gallery import Recorder

STEPS = (parts.BannerStep("Shelf", Stage.DONE), parts.BannerStep("Item", Stage.NOW), parts.BannerStep("Tote"))
FIGURES = (
    parts.Figure("today", "232", "Leave today", "of 371 open", chosen=True),
    parts.Figure("late", "6", "Late risk", "first truck 15:30", Family.WRONG, "warning-octagon"),
    parts.Figure("hold", "9", "On hold", "5 payment, 4 address", Family.WARN, "pause-circle"),
    parts.Figure("ready", "37", "Ready to pack", "12 at a bench"),
    parts.Figure("shipped", "9,999+", "Shipped", "41 last hour"),
)
TABS = (
    parts.Tab("open", "All open", "371", chosen=True),
    parts.Tab("ready", "Ready to pack", "37"),
    parts.Tab("mine", "Mine"),
)
CHIPS = (
    parts.Chip("To pick", Family.TODO, "circle-dashed"),
    parts.Chip("Packing, 7 of 11", Family.ACCENT, "package"),
    parts.Chip("Ready to pack", Family.OK, "tray"),
    parts.Chip("On hold: address", Family.WARN, "pause-circle"),
    parts.Chip("Late", Family.WRONG, "warning-octagon"),
    parts.Chip("Packed", Family.COMPLETE, "seal-check"),
    parts.Chip("Too many", Family.OVER, "stack"),
)
COLUMNS = (
    parts.Column("Leaves", 128),
    parts.Column("Order", 90),
    parts.Column("Recipient"),
    parts.Column("Status", 190),
    parts.Column("Units", 62, numbers=True),
)
PEOPLE = (
    "Harriet Ovenden",
    "Łucja Wiśniewska-Brzęczyszczykiewicz",
    "Marlow & Finch Gifts",
    "Bram de Wit",
    "Ida Solberg",
    "Owen Castellan",
    "Rosa Quintero",
)
TABLE = parts.Table(
    "orders",
    COLUMNS,
    tuple(
        parts.TableRow(
            str(i),
            (
                parts.Cell("16:30", "2 h 12 min", icon="clock", family=Family.WARN, strong=True),
                parts.Cell(f"#{1038 + i}", code=True, strong=True),
                parts.Cell(person, "Totnes", strong=True),
                parts.Cell(chip=CHIPS[i]),
                parts.Cell(str(i * 7)),
            ),
        )
        for i, person in enumerate(PEOPLE)
    ),
    "1",
)
CART = parts.Cart(tuple(parts.CartSlot(str(i), f"T-{100 + i:04}", active=i == 2, full=i == 1) for i in range(1, 7)))
CHOICES = (
    parts.Choice("PW-FOUND", "Found all", "Count again", "1"),
    parts.Choice("PW-EMPTY", "Shelf is empty", "", "2", chosen=True),
    parts.Choice("PW-DAMAGED", "Damaged", "Put it aside", "3"),
    parts.Choice("PW-OTHER", "Another item is here", "", "4", reason="Not on this shelf"),
)
EVENTS = (
    parts.TimeEntry("Packing, 7 of 11", "Anna Lindqvist, Bench 4, 0:42", "14:17", Family.ACCENT, "package", now=True),
    parts.TimeEntry("Picked into T-0117", "Jonas Petrak, 12 min", "14:02"),
    parts.TimeEntry("Hold lifted: address", "Mirela Dumont, office", "11:48", Family.WARN, "pause-circle"),
)
MAP = parts.FloorMap(
    440,
    400,
    tuple(parts.MapRack(24 + aisle * 68 + side, 44, 22, 304) for aisle in range(6) for side in (0, 26)),
    (
        *(parts.MapWords(f"A-{i + 1:02}", 48 + i * 68, 18, hot=i == 2) for i in range(6)),
        parts.MapWords("Start", 38, 383, boxed=True),
        parts.MapWords("Bench 4", 391, 383, boxed=True),
    ),
    ((38, 370), (38, 358), (82, 358), (82, 34), (150, 34), (150, 280)),
    ((150, 280), (150, 358), (218, 358), (218, 196)),
    (
        (218, 196),
        (218, 34),
        (286, 34),
        (286, 358),
        (354, 358),
        (354, 34),
        (422, 34),
        (422, 358),
        (391, 358),
        (391, 370),
    ),
    (
        parts.MapStop("1", 82, 250, Stage.DONE),
        parts.MapStop("4", 218, 196, Stage.NOW),
        parts.MapStop("5", 218, 86),
        parts.MapStop("10", 422, 190),
    ),
    (150, 280),
)
BAR = parts.CommandBar(
    (
        parts.Command("PW-OPEN", "Open", "Enter", kind=Kind.PRIMARY),
        parts.Command("PW-VOID", "Void label", "V", kind=Kind.DANGER),
        parts.Command("PW-HOLD", "Hold", "H", icon="pause-circle"),
        parts.Command("PW-X", "Locked", reason="4 units still to scan", right=True),
    )
)


def sheet(look: Look, intents: Recorder) -> QWidget:
    """All of them on one page."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    banner, figures, tabs, bar = (
        Banner(look, intents),
        Figures(look, intents),
        Tabs(look, intents),
        CommandBar(look, intents),
    )
    search = Banner(look, intents)
    banner.render(parts.Banner("Scan the item", "Batch B-0231, stop 4 of 11", icon="map-pin", steps=STEPS))
    search.render(
        parts.Banner(
            "Scan or type anything",
            "Product, location, order",
            icon="magnifying-glass",
            search=parts.Search("ALARM", "Search"),
        )
    )
    figures.render(FIGURES)
    tabs.render(TABS)
    bar.render(BAR)
    for part in (banner, search, figures, tabs):
        column.addWidget(part)
    row = QHBoxLayout()
    column.addLayout(row, 1)
    row.setContentsMargins(12, 0, 12, 0)
    for part, stretch in ((_table(look, intents), 5), (_side(look, intents), 3), (_walk(look, intents), 3)):
        row.addWidget(part, stretch)
    column.addWidget(bar)
    return page


def _table(look: Look, intents: Recorder) -> QWidget:
    card, table = Card(look), DataTable(look, intents)
    card.add(table)
    table.render(TABLE)
    return card


def _side(look: Look, intents: Recorder) -> QWidget:
    card = Card(look, parts.CardHead("Answers", "question", "scan one"), pad=True)
    choices, line, field, button = (
        ChoiceButtons(look, intents),
        TimeLine(look),
        TextField(look, intents),
        SmallButton(look, intents),
    )
    choices.render(CHOICES)
    line.render(EVENTS)
    field.render(parts.Field("email", "E-mail", "nobody", wrong="This is no address."))
    button.render(parts.Command("PW-SAVE", "Save", "Enter", kind=Kind.PRIMARY, icon="check"))
    for part in (choices, field, button, line):
        card.add(part)
    return card


def _walk(look: Look, intents: Recorder) -> QWidget:
    card = Card(look, parts.CardHead("Walk", "map-trifold", "T-0117", right_is_code=True), pad=True)
    slots, plan = CartSlots(look), FloorMap(look)
    slots.render(CART)
    plan.render(MAP)
    card.add(slots, 1)
    card.add(plan, 2)
    return card
