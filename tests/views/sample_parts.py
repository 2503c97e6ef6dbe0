"""The parts that the sample screens are made of: goods, lines, the frame, a parcel."""

from __future__ import annotations

from app.presenters.state import parts, shell
from app.presenters.state.parts import Family, LampState

HEART = ("WHITE HANGING HEART T-LIGHT HOLDER", "85123A", "heart")
CLOCK = ("ALARM CLOCK BAKELIKE RED", "22727", "clock-red")
GREEN = ("ALARM CLOCK BAKELIKE GREEN", "22726", "clock-green")
BUNTING = ("PARTY BUNTING", "47566", "bunting")
CAKE = ("REGENCY CAKESTAND 3 TIER", "22423", "cake")
BIRD = ("ASSORTED COLOUR BIRD ORNAMENT", "84879", "bird")
ICONS = {
    Family.OK: "check-circle",
    Family.WARN: "circle-half",
    Family.TODO: "circle-dashed",
    Family.WRONG: "x-circle",
    Family.OVER: "stack",
}


def line(item: tuple[str, str, str], asked: int, done: int, family: Family | None = None) -> parts.LineRow:
    kind = family or (Family.OK if done >= asked else Family.WARN if done else Family.TODO)
    left = asked - done
    filled = kind not in (Family.OK, Family.TODO)
    return parts.LineRow(
        item[1],
        item[0],
        item[1],
        str(asked),
        str(done),
        str(left) if left > 0 else "Done",
        kind,
        ICONS[kind],
        item[2],
        done=left <= 0,
        filled=filled,
    )


HEADINGS = ("Product", "Required", "Packed", "Remaining")
PLACES = (
    ("orders", "Orders", "list-dashes", "F2"),
    ("pick", "Pick", "shopping-cart", "F3"),
    ("pack", "Pack", "package", "F4"),
    ("returns", "Returns", "arrow-u-up-left", "F5"),
    ("stock", "Stock", "stack", "F6"),
    ("floor", "Floor", "chart-bar", "F7"),
    ("devices", "Devices", "printer", "F8"),
    ("office", "Office", "briefcase", "F9"),
)


def rail(active: str) -> shell.Rail:
    why = {"floor": "The floor overview comes with a later version."}
    places = tuple(shell.Place(c, w, i, k, c == active, why.get(c, "")) for c, w, i, k in PLACES)
    return shell.Rail(places, shell.Place("help", "Help", "question", "F1"))


def strip(
    scale: str = "Scale 1\u00a0794 g",
    printer: tuple[str, LampState] = ("Printer ready", LampState.OK),
    operator: str = "Anna Lindqvist",
    clock: str = "14:18",
) -> shell.Strip:
    lamps = (
        shell.Lamp("scanner", "barcode", "Scanner ready", short="Scanner"),
        shell.Lamp("scale", "scales", scale, short="Scale"),
        shell.Lamp("printer", "printer", printer[0], printer[1], "Printer"),
        shell.Lamp("database", "database", "Database 2 ms"),
        shell.Lamp("unsent", "cloud-arrow-up", "All sent"),
    )
    return shell.Strip("Bench 4", operator, lamps, clock)


HEADER = parts.OrderHeader(
    "#1042",
    (
        parts.Fact("Tote", "T-0117", code=True),
        parts.Fact("Ship to", "Harriet Ovenden, Totnes TQ9 5HT, GB", wide=True),
        parts.Fact("Service", "Northway 24 Tracked"),
    ),
    parts.Fact("Leaves at 16:30", "2 h 12 min left"),
)
NOTES = (
    parts.Note("No prices in the parcel.", "Gift.", "gift"),
    parts.Note("Wrap each tier in tissue, card between.", "22423"),
)


def progress(have: int) -> parts.Progress:
    return parts.Progress(have, 11, "of 11 packed")


LINES = parts.LineList(
    (line(HEART, 3, 2), line(CLOCK, 1, 0), line(BUNTING, 2, 0), line(CAKE, 1, 1), line(BIRD, 4, 4)), HEADINGS
)
CLOSE = parts.Command("PW-CLOSE", "Close and print label", "L", reason="4 units still to scan")
COMMANDS = parts.CommandBar(
    (
        CLOSE,
        parts.Command("PW-PARCEL", "New parcel", "N"),
        parts.Command("PW-UNDO", "Take last one out", "U"),
        parts.Command("PW-MISSING", "Item is missing", "M", right=True),
        parts.Command("PW-ASIDE", "Put order aside", "A", right=True),
    )
)
CARTONS = parts.CartonChoice(
    "Parcel 1",
    "open, 7 units",
    (
        parts.CartonOption("2", "Carton C", "320×240×180", "Best fit", best=True, chosen=True),
        parts.CartonOption("1", "Carton B", "250×200×150", "Too small", fits=False),
        parts.CartonOption("3", "Carton E", "400×300×250", "41 % full"),
    ),
)
WEIGHT = parts.Weight(
    "Weight",
    "1\u00a0794",
    "g",
    parts.Chip("Agrees", Family.OK, "check"),
    "Expected 1\u00a0788 g ± 60",
    "Steady, 0.2 s ago",
    0.533,
)
RIGHT_PANEL = parts.ScanPanel(
    "Right. Counted.", "check-circle", Family.OK, "14:18:07", "heart", HEART[0], HEART[1], "2", "of 3", 2, 3
)
