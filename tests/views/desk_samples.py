# ruff: noqa: E501 - rows of a table read best as rows
"""The states of the drawings of Orders, Stock, Office and First run, for the gallery and the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QWidget

from app.domain.clock import utc_now
from app.domain.errors import EnvironmentFailure
from app.domain.states import Role
from app.domain.words import say
from app.domain.work import ItemRef, StockLine, StockWork
from app.presenters import orders_parts, stock_parts
from app.presenters.first_run import FirstRunPresenter
from app.presenters.first_run_parts import FirstRunModel, Step
from app.presenters.joining import Joining
from app.presenters.office import TABS as TAB_NAMES
from app.presenters.runner import AtOnce
from app.presenters.state import form, office, orders, parts, shell, stock
from app.presenters.state.first_run import Busy, FirstRun
from app.presenters.state.parts import Family
from app.presenters.station_info import StationInfo
from app.presenters.stock_model import StockModel
from app.queries.stock import ProductStock
from app.services import print_jobs
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders
from app.services.release import release
from app.services.setup import FirstRun as FirstRunMade
from app.views.first_run import FirstRunView
from app.views.kit import Look
from app.views.office import OfficeView
from app.views.orders import OrdersView
from app.views.shell import ShellWindow
from app.views.stock import StockView
from tests.builders import World, build_world, captured
from tests.builders import address as address_of
from tests.builders import line as line_of
from tests.databases import SqliteDatabases
from tests.presenters.office_world import make_office
from tests.views.gallery import Recorder
from tests.views.sample_parts import rail, strip

ROWS = (
    ("15:30", "1 h 12 min", "late", "#1038", "Petra Hollin", "Whitstable", ("On hold: address", Family.WARN, "pause-circle"), 2, 2, "Bluebird Economy", "Nobody", ""),
    ("16:30", "2 h 12 min", "soon", "#1042", "Harriet Ovenden", "Totnes", ("Packing, 7 of 11", Family.ACCENT, "package"), 5, 11, "Northway 24", "Anna L.", "Bench 4"),
    ("16:30", "2 h 12 min", "soon", "#1045", "Tobias Fenwright", "Leeds", ("Ready to pack", Family.OK, "tray"), 3, 5, "Northway 48", "Nobody", "T-0121"),
    ("16:30", "2 h 12 min", "soon", "#1047", "Marlow & Finch Gifts", "Bath", ("Picking, 31 of 48", Family.ACCENT, "shopping-cart"), 14, 48, "Palletline", "Jonas P.", "Cart C-03"),
    ("16:30", "2 h 12 min", "soon", "#1051", "Elsie Thornquist", "York", ("Ready to pack", Family.OK, "tray"), 1, 1, "Northway 24", "Nobody", "T-0130"),
    ("17:00", "2 h 42 min", "soon", "#1033", "The Copper Kettle", "Whitby", ("Short, 2 of 24", Family.WARN, "circle-half"), 6, 24, "Northway 24", "Ines F.", "Cart C-01"),
    ("18:00", "3 h 42 min", "", "#1052", "Lucie Marchand", "Lyon FR", ("To pick", Family.TODO, "circle-dashed"), 4, 7, "Eurolink", "Nobody", ""),
    ("18:00", "3 h 42 min", "", "#1053", "Bram de Wit", "Utrecht NL", ("On hold: payment", Family.WARN, "pause-circle"), 2, 3, "Eurolink", "Nobody", ""),
    ("18:00", "3 h 42 min", "", "#1056", "Ciara Donnellan", "Galway IE", ("To pick", Family.TODO, "circle-dashed"), 3, 4, "Eurolink", "Nobody", ""),
    ("Fri", "1 day", "", "#1058", "Nils Aaberg", "Oslo NO", ("Back-ordered", Family.TODO, "hourglass"), 1, 2, "Eurolink", "Nobody", ""),
    ("Fri", "1 day", "", "#1060", "Rosa Quintero", "Madrid ES", ("To pick", Family.TODO, "circle-dashed"), 8, 19, "Eurolink", "Nobody", ""),
    ("Fri", "1 day", "", "#1061", "Owen Castellan", "Hythe", ("To pick", Family.TODO, "circle-dashed"), 2, 2, "Northway 48", "Nobody", ""),
    ("Fri", "1 day", "", "#1064", "Wren & Daughters", "Ludlow", ("To pick", Family.TODO, "circle-dashed"), 11, 36, "Palletline", "Nobody", ""),
)  # fmt: skip
FIGURES = (
    parts.Figure("today", "232", "Leave today", "of 371 open"),
    parts.Figure("late", "6", "Late risk", "first truck 15:30", Family.WRONG, "warning-octagon"),
    parts.Figure("hold", "9", "On hold", "5 payment, 4 address", Family.WARN, "pause-circle"),
    parts.Figure("ready", "37", "Ready to pack", "12 at a bench"),
    parts.Figure("shipped", "212", "Shipped", "41 last hour"),
)
TABS = tuple(
    parts.Tab(key, words, count, chosen=key == "open")
    for key, words, count in (
        ("open", "All open", "371"), ("today", "Leaves today", "232"), ("ready", "Ready to pack", "37"),
        ("hold", "On hold", "9"), ("short", "Short", "4"), ("mine", "Mine", "1"),
    )
)  # fmt: skip
EVENTS = (
    parts.TimeEntry("Packing, 7 of 11", "Anna Lindqvist, Bench 4, 0:42", "14:17", Family.ACCENT, "package", now=True),
    parts.TimeEntry("Picked into T-0117", "Jonas Petrak, 12 min", "14:02"),
    parts.TimeEntry("Released", "Wave W-119", "13:30"),
    parts.TimeEntry("Hold lifted: address", "Mirela Dumont, office", "11:48", Family.WARN, "pause-circle"),
    parts.TimeEntry("Allocated, captured", "All 11 from Ashford", "11:05"),
)
BUTTONS = (
    parts.Command("PW-STOP", "Hold", "H", icon="pause-circle"),
    parts.Command("PW-TAKE", "Take over", "K", icon="hand"),
    parts.Command("order-address", "Address", "A"),
    parts.Command("PW-PRIO", "First", "P"),
    parts.Command("PW-CANCEL", "Cancel", "X", kind=parts.Kind.DANGER),
)
PICTURES = ("heart", "clock-red", "bunting", "cake", "bird")
DETAIL = orders.Detail(
    "#1042", parts.Chip("Packing", Family.ACCENT, "package"), "Harriet Ovenden", ("14 Mill Lane, Totnes TQ9 5HT",),
    "Web shop, 74.50 GBP, paid", PICTURES, "5 lines, 11 units", "", (), EVENTS,
    parts.Command("PW-OPEN", "Open", "Enter", kind=parts.Kind.PRIMARY, reason="Anna has it at Bench 4, 0:42"), BUTTONS,
    (parts.Command("order-customer", "Customer", "C"), parts.Command("order-page", "Everything", "V")),
)  # fmt: skip


def table_row(row: tuple[object, ...]) -> parts.TableRow:
    at, left, hurry, number, who, town, chip, lines, units, service, held, place = row
    icon, family = {"late": ("warning-octagon", Family.WRONG), "soon": ("clock", Family.WARN)}.get(
        str(hurry), ("calendar-blank", None)
    )
    words, kind, sign = chip  # type: ignore[misc]
    cells = (
        parts.Cell(str(at), str(left), icon=icon, family=family, strong=True),
        parts.Cell(str(number), code=True, strong=True), parts.Cell(str(who), str(town), strong=True),
        parts.Cell(chip=parts.Chip(words, kind, sign)), parts.Cell(str(lines)), parts.Cell(str(units)),
        parts.Cell(str(service), quiet=True),
        parts.Cell(str(held), str(place), strong=held != "Nobody", quiet=held == "Nobody"),
    )  # fmt: skip
    return parts.TableRow(str(number), cells)


def queue(**changed: object) -> orders.Orders:
    rows = tuple(table_row(row) for row in ROWS)
    given: dict[str, object] = {
        "search": parts.Search(hint="Scan or type anything"),
        "table": parts.Table("orders", orders_parts.columns(), rows, "#1042"),
        "figures": FIGURES,
        "tabs": TABS,
        "filter": parts.Command("filter", "Filter", "F", icon="funnel"),
        "buttons": (parts.Command("PW-REL", "Release", "R"),),
        "detail": DETAIL,
    }
    return orders.Orders(**(given | changed))  # type: ignore[arg-type]


ADDRESS = form.Form(
    "address", "Address of #1038", "",
    (
        parts.Field("name", "Name", "Petra Hollin"), parts.Field("company", "Company"),
        parts.Field("address1", "Street", "3 Harbour Street"), parts.Field("address2", "Street, second line"),
        parts.Field("city", "Town", "Whitstable"), parts.Field("region", "State or province"),
        parts.Field("postcode", "Postcode", "CT5", wrong="The postcode “CT5” is not one of this country"),
        parts.Field("country", "Country", "GB"),
    ), (),
    (parts.Command("form-save", "Save", "Enter", icon="check", kind=parts.Kind.PRIMARY), parts.Command("form-close", "Back", "Esc")),
    beside=("address2", "region", "country"),
)  # fmt: skip
HOLD = form.Form(
    "hold", say("orders.form.hold", number="#1042"), say("orders.form.hold.detail"),
    (parts.Field("reason", "Why", "", "The customer asked to wait"),),
    commands=ADDRESS.commands,
)  # fmt: skip
REFUSED = form.Notice(
    "You may not do this: ask somebody who may (cancel orders)", Family.WRONG, "prohibit",
    commands=(parts.Command("dismiss", "Close", "Esc"),),
)  # fmt: skip


def _paged(name: str, make: Callable[[Look, Recorder], QWidget]) -> Callable[[Look, Recorder], QWidget]:
    def build(look: Look, told: Recorder) -> QWidget:
        window = ShellWindow(look, told)
        window.add_page(name, make(look, told))
        window.render(shell.Shell(name, strip(), rail(name)))
        return window

    return build


def orders_page(state: orders.Orders) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, told: Recorder) -> QWidget:
        view = OrdersView(look, told)
        view.render(state)
        return view

    return _paged("orders", make)


PAGES = {
    "02-orders": orders_page(queue()),
    "02-orders-address": orders_page(queue(form=ADDRESS)),
    "02-orders-hold": orders_page(queue(form=HOLD, notice=REFUSED)),
    "02-orders-opened": orders_page(queue(opened=True)),
}


def _place(at: str, kind: str, lot: str, chip: parts.Chip, on_hand: int, promised: int, free: int) -> parts.TableRow:
    cells = (
        parts.Cell(at, code=True, strong=True), parts.Cell(kind), parts.Cell(lot, code=True, quiet=True),
        parts.Cell(chip=chip), parts.Cell(str(on_hand), strong=True), parts.Cell(str(promised)),
        parts.Cell(str(free), strong=True),
    )  # fmt: skip
    return parts.TableRow(at, cells)


GOOD = parts.Chip("New", Family.OK, "check")
STOCK_COLUMNS = stock_parts.product_table(ProductStock(1, "", "", "", "", (), 0, 0, 0, 0, (), ()), "").columns
CAKE = stock.Stock(
    parts.Banner("Scan a product or a shelf", "Or type a name, a SKU, a tote: anything with a code",
                 icon="magnifying-glass", search=parts.Search("cakestand", "Name, SKU or code")),
    parts.Table("stock", STOCK_COLUMNS, (
        _place("A-01-04-1", "Pick face", "L42", GOOD, 14, 12, 2), _place("A-01-04-3", "Reserve", "L42", GOOD, 48, 19, 29),
        _place("B-07-02-4", "Reserve", "L45", GOOD, 24, 0, 24),
        _place("Q-02", "Quarantine", "L42", parts.Chip("Opened", Family.WARN, "warning"), 3, 0, 0),
        _place("T-0117", "Tote", "L42", parts.Chip("Being packed", Family.ACCENT, "package"), 1, 1, 0),
    ), two_lines=False),
    parts.CommandBar((
        parts.Command("PW-MOVE", "Move", "M"), parts.Command("PW-COUNT", "Count this shelf", "C"),
        parts.Command("PW-SHELFLBL", "Print shelf label", "P"), parts.Command("PW-RECV", "Receive", "R"),
        parts.Command("PW-ADJ", "Adjust", "A", reason="Needs the right “adjust stock”", right=True),
    )),
    stock.Subject("REGENCY CAKESTAND 3 TIER", "22423", "cake", chips=(
        parts.Chip("GTIN 5012345 678900", icon="barcode"), parts.Chip("Case of 6", icon="package"),
        parts.Chip("Wrap each tier", Family.WARN, "note")),
        sums=(stock.Sum("On hand, 3 not sellable", "90"), stock.Sum("Promised to orders", "32"),
              stock.Sum("Free to sell", "55", Family.OK))),
    parts.CardHead("Last movements", "clock"),
    (
        stock.Movement("arrow-right", "To tote T-0117", "A-01-04-1, Jonas Petrak, pick", "1", "13:58"),
        stock.Movement("arrow-right", "Refill of pick face", "A-01-04-3, Ines Falk", "12", "11:20"),
        stock.Movement("arrow-u-up-left", "Back from customer", "RMA-0388 to Q-02, grade B", "+1", "10:44"),
        stock.Movement("list-numbers", "Counted", "A-01-04-3, agreed", "0", "Wed"),
        stock.Movement("truck", "Received", "PO-0455, 4 cases of 6", "+24", "Tue"),
        stock.Movement("arrow-right", "Shipped", "#1019, #1021, #1024", "−3", "Tue"),
    ),
)  # fmt: skip


def stock_page(state: stock.Stock) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, told: Recorder) -> QWidget:
        view = StockView(look, told)
        view.render(state)
        return view

    return _paged("stock", make)


_NOBODY = StationInfo(1, "Bench 2", 1, "Ashford", "Europe/London", 1, "Ines Falk", Role.PICKER)
_WORK = StockWork(
    "count", "count", "A-01-04-1", ItemRef(1, "22423", "REGENCY CAKESTAND 3 TIER", "cake", "Wrap each tier"), 14, "",
    (StockLine(ItemRef(1, "22423", "REGENCY CAKESTAND 3 TIER", "cake"), 14, 12, 1),
     StockLine(ItemRef(2, "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "heart"), 40, 0, 0)),
)  # fmt: skip
_COUNTING = StockModel(work=_WORK)
PAGES |= {
    "13-stock": stock_page(CAKE),
    "13-stock-empty": stock_page(
        stock.Stock(stock_parts.banner(StockModel()), stock_parts.found_table((), "", ""),
                    stock_parts.commands(StockModel(), _NOBODY))
    ),
    "13-stock-count": stock_page(
        stock.Stock(stock_parts.banner(_COUNTING), stock_parts.work_table(_WORK),
                    stock_parts.commands(_COUNTING, _NOBODY), stock_parts.work_subject(_WORK))
    ),
}  # fmt: skip


class _Looks:
    volume = 80

    def next_theme(self) -> None:
        """Nothing to turn here."""

    def next_volume(self) -> int:
        return self.volume


def first_run_state(step: str) -> FirstRun:
    shown: list[FirstRun] = []
    presenter = FirstRunPresenter(None, _Looks(), AtOnce(), utc_now, shown.append, lambda _ready: None)  # type: ignore[arg-type]
    made = FirstRunMade(1, 1, 1, "OP-BCDEFGHJKLNPRSTU")
    busy = Busy("Making the sample warehouse", 180, 371)
    typed = {"warehouse": "Ashford", "zone": "Europe/Lundon", "sender": "Northway Goods", "operator": "Greta Holm",
             "street": "Unit 4", "town": "Ashford", "postcode": "TN23 1AA", "country": "GB", "station": "Lead desk"}  # fmt: skip
    joining = Joining.begun("postgresql://anna:hush@db.example.com/floor?sslmode=require").failed(
        EnvironmentFailure("database.wrong_password", reason='password authentication failed for user "anna"')
    )
    presenter.model = FirstRunModel(
        Step(step),
        joining=joining,
        typed=typed,
        busy=busy,
        made=made,
        wrong={"zone": "No such time zone."} if step == "naming" else {},
    )
    presenter.show()
    return shown[-1]


def first_run_page(state: FirstRun) -> Callable[[Look, Recorder], QWidget]:
    def build(look: Look, told: Recorder) -> QWidget:
        window = ShellWindow(look, told)
        view = FirstRunView(look, told)
        view.render(state)
        window.add_page("first_run", view)
        window.render(shell.Shell("first_run", strip(operator="Nobody signed in")))
        return window

    return build


PAGES |= {
    f"14-first-run-{step}": first_run_page(first_run_state(step))
    for step in ("choosing", "joining", "outdated", "busy", "naming", "done")
}


def office_page(tab: str) -> Callable[[Look, Recorder], QWidget]:
    """A section of a real office, on a database of its own."""

    def make(look: Look, told: Recorder) -> QWidget:
        view = OfficeView(look, told)
        view.render(office_states()[tab])
        return view

    return _paged("office", make)


@cache
def office_states() -> dict[str, office.Office]:
    with TemporaryDirectory() as folder:
        databases = SqliteDatabases(Path(folder))
        world = build_world(databases.fresh())
        _fill(world, Path(folder))
        presenter, shown, _ = make_office(world)
        found = {}
        for at, tab in enumerate(TAB_NAMES, start=1):
            presenter.key(str(at))
            if tab == "import":
                presenter.typed("path", str(Path(folder) / "spring-fair.csv"), True)
                presenter.desk.notice = None if presenter.desk.notice is None else presenter.desk.notice
            if tab == "people":
                presenter.command("person-add")
            found[tab] = shown.now
            presenter.key("Esc")
        databases.close()
    return found


def _fill(world: World, folder: Path) -> None:
    names = ("HEART", "CLOCK", "BUNTING", "CAKESTAND", "BIRD")
    for sku in names:
        world.stock(world.product(sku), f"A-{sku}", 40)
    for at in range(14):
        world.order(f"#{1030 + at}", line_of(names[at % 5], 1 + at % 4))
    bad = [captured(f"#{1060 + at}", line_of("HEART"), ship_to=replace(address_of(f"Petra Hollin {at}"), postcode="NOPE"))
           for at in range(3)]  # fmt: skip
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", bad))
    world.write(lambda s: allocate_ready(s, world.actor(), 100))
    world.write(lambda s: release(s, world.actor(), 6, slots=2))
    for name, role in (("Greta Holm", Role.LEAD), ("Ines Falk", Role.PICKER), ("Anna Lindqvist", Role.PACKER)):
        world.operator(name, role)
    for document in ("shipping-label", "packing-slip", "badge"):
        world.write(lambda s, d=document: print_jobs.queue(s, world.actor(), d, d, {}))
    rows = [f"B{at},{'HEART' if at % 3 else 'nothing'},{'two' if at % 4 == 0 else 2},Ada,1 Lane,Leeds,LS1 1AA,GB,2026-03-01"
            for at in range(9)]  # fmt: skip
    head = "order,sku,quantity,name,address1,city,postcode,country,date"
    (folder / "spring-fair.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


PAGES |= {f"16-office-{tab}": office_page(tab) for tab in TAB_NAMES}
