"""The full pages of Orders for tests of their view, and for looking at: every kind of list, a form, a notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from app.presenters import orders_customer_parts, orders_timeline
from app.presenters.orders_sheet import back_command, note_columns, tabs_of
from app.presenters.state import orders_sheet, parts, shell
from app.presenters.state.form import Form, Notice
from app.presenters.state.parts import Family
from app.queries.timeline import Happening, Place
from app.views.kit import Look
from app.views.orders_sheet import OrdersRoomView
from app.views.shell import ShellWindow
from tests.builders import NOW
from tests.views.gallery import Make, Recorder
from tests.views.sample_parts import rail, strip

LONDON = ZoneInfo("Europe/London")
STORY = (
    ("shipped", "Ashford", "Northway 24", "", 0),
    ("packed", "85123A WHITE HANGING HEART T-LIGHT HOLDER", "T-0117", "PARCEL-52-1", 3),
    ("refused", "pack.wrong_item", "{}", "2024446001528", 0),
    ("audit", "pack.stopped", '{"stopped": true}', "", 0),
    ("noted", "packer", "Wrap the bird twice, please, it was broken the last time when it came to the customer", "", 1),
    ("sourced", "sourcing.why.nearest", '{"km": 12, "had": 11, "wanted": 11, "given": 11}', "Ashford", 0),
    ("held", "address", "postcode_wrong", "", 0),
    ("captured", "Web shop", "#1042", "", 0),
)
HAPPENED = tuple(
    orders_timeline.row(Happening(kind, NOW, "Anna Lindqvist", "Bench 4", a, b, c, n, Place(at, 0, at, "")), LONDON)
    for at, (kind, a, b, c, n) in enumerate(STORY)
)
COMMANDS = (
    parts.Command("note-write", "Write a note", "N", icon="note"),
    parts.Command("order-customer", "Customer", "C", icon="user-circle"),
    parts.Command("timeline-export", "Save as text", "T", icon="floppy-disk"),
    back_command(),
)
ORDER = orders_sheet.Sheet(
    "order 42 timeline",
    "#1042",
    back_command(),
    parts.Table("timeline", orders_timeline.columns(LONDON), HAPPENED, HAPPENED[0].key),
    parts.Chip("Packing, 7 of 11", Family.ACCENT, "package"),
    "Harriet Ovenden, 14 Mill Lane, Totnes TQ9 5HT",
    (
        parts.Fact("Channel", "Web shop"), parts.Fact("Total", "74.50 GBP, paid"), parts.Fact("Service", "Northway 24"),
        parts.Fact("Leaves", "Mon 2 Mar 2026 16:30"),
    ),
    tabs_of(("timeline", "items", "parcels", "notes"), "timeline", "sheet"),
    commands=COMMANDS,
)  # fmt: skip
FORM = Form(
    "note", "A note on #1042", "The bench waits until the packer has read it and scanned OK.",
    (parts.Field("words", "Note", "", "No invoice in the box"),),
    tuple(parts.Tab(key, words, chosen=key == "must") for key, words in (
        ("must", "Packer, must read"), ("packer", "Packer"), ("office", "Office"))),
    (parts.Command("form-save", "Write it", "Enter", icon="check", kind=parts.Kind.PRIMARY),
     parts.Command("form-close", "Back", "Esc")),
)  # fmt: skip
NOTES = replace(
    ORDER,
    name="order 42 notes",
    table=parts.Table(
        "notes", note_columns(), (parts.TableRow("1", (parts.Cell("Packer", "must be read", icon="note", strong=True),
        parts.Cell("Wrap it"), parts.Cell("Mirela Dumont", "2 Mar 2026"))),), "1"),
    tabs=tabs_of(("timeline", "items", "parcels", "notes"), "notes", "sheet"),
    form=FORM,
)  # fmt: skip
SAID = Notice("The note stands on #1042", Family.OK, "check-circle", "", (parts.Command("dismiss", "Close", "Esc"),))
CUSTOMER = orders_sheet.Sheet(
    "customer 7 alike",
    "Marlow & Finch Gifts and Garden Centre of Upper Slaughter",
    back_command(),
    parts.Table("alike", orders_customer_parts.alike_columns(), (), empty="Nobody else has their phone"),
    parts.Chip("Same e-mail at 2 channels", Family.ACCENT, "users"),
    "buying.department@marlow-and-finch.example, 01632 960 551, Web shop, Amazon",
    (
        parts.Fact("Orders", "1 204, 12 cancelled"), parts.Fact("Ordered for", "120 944.50 GBP"),
        parts.Fact("Paid back", "1 250.00 GBP"), parts.Fact("Ordered for", "9 310.00 EUR"),
        parts.Fact("First order", "3 Jan 2021"), parts.Fact("Last order", "2 Mar 2026"),
    ),
    tabs_of(("orders", "alike", "addresses", "returns", "notes"), "alike", "customers"),
    commands=(COMMANDS[0], COMMANDS[3]),
)  # fmt: skip
STATES = {
    "order": ORDER,
    "order-notes": NOTES,
    "order-said": replace(ORDER, notice=SAID),
    "customer": CUSTOMER,
}


def in_shell(state: orders_sheet.Sheet) -> Callable[[Look, Recorder], QWidget]:
    """The page in the window."""

    def make(look: Look, told: Recorder) -> QWidget:
        view, window = OrdersRoomView(look, told), ShellWindow(look, told)
        window.add_page("orders", view)
        window.render(shell.Shell("orders", strip(), rail("orders")))
        view.render(state)
        return window

    return make


PAGES: dict[str, Make] = {name: in_shell(state) for name, state in STATES.items()}
