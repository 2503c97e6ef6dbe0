"""The states of the drawings, for the gallery and the tests: shell, sign-in and pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.presenters.state import pack, parts, shell, sign_in
from app.presenters.state.parts import Family, LampState, Stage
from app.presenters.state.words import code, key, strong
from app.views.kit import Look
from app.views.pack import PackView
from app.views.shell import ShellWindow
from app.views.sign_in import SignInView
from tests.views.gallery import Recorder
from tests.views.sample_parts import BIRD, BUNTING, CAKE, CARTONS, CLOCK, COMMANDS, GREEN, HEADER, progress
from tests.views.sample_parts import HEADINGS as HEADINGS
from tests.views.sample_parts import HEART as HEART
from tests.views.sample_parts import LINES as LINES
from tests.views.sample_parts import NOTES as NOTES
from tests.views.sample_parts import RIGHT_PANEL as RIGHT_PANEL
from tests.views.sample_parts import WEIGHT as WEIGHT
from tests.views.sample_parts import line as line
from tests.views.sample_parts import rail as rail
from tests.views.sample_parts import strip as strip
from tests.views.sign_in_samples import SIGN_IN, SIGN_IN_TYPED

PACKING = pack.Pack(
    parts.Banner("Scan the next item", "1 more heart holder, or any other line", progress=progress(7)),
    pack.Packing(RIGHT_PANEL, parts.CardHead("Lines", "list-dashes", "7 of 11 units packed"), LINES, CARTONS, WEIGHT),
    HEADER,
    NOTES,
    COMMANDS,
)
HOW = f"Scan the OK card, or press {key('Enter')} to go on."
WRONG = pack.Pack(
    parts.Banner(
        "Wrong item. Put it aside.",
        "Nothing was counted. Order #1042 is still open.",
        Family.WRONG,
        "x-circle",
        blocking=True,
        progress=progress(7),
    ),
    pack.Compare(
        parts.FacingCard(
            "In your hand",
            Family.WRONG,
            "x-circle",
            "14:18:31",
            GREEN[2],
            GREEN[0],
            GREEN[1],
            (4,),
            ("Not in this order.", f"{strong('#1051')} needs one, tote {code('T-0130')}."),
        ),
        parts.FacingCard(
            "Closest line of this order",
            Family.ACCENT,
            "barcode",
            "",
            CLOCK[2],
            CLOCK[0],
            CLOCK[1],
            (4,),
            (f"{strong('0 of 1')} packed.", f"Picked at {code('B-01-04-3')}."),
        ),
    ),
    HEADER,
    ack=parts.AckBar(
        "Put the green clock in the wrong-item tray",
        HOW,
        "Item scans are refused until this is acknowledged. 1 scan refused since.",
    ),
)
OVER = pack.Pack(
    parts.Banner(
        "Too many. Take 1 out.",
        "The 4th was not counted. Order #1042 is still open.",
        Family.OVER,
        "stack",
        blocking=True,
        progress=progress(8),
    ),
    pack.Focus(
        parts.FacingCard(
            "One too many",
            Family.OVER,
            "stack",
            "14:18:22",
            HEART[2],
            HEART[0],
            HEART[1],
            count="3",
            of="of 3 packed before",
            have=3,
            need=3,
            extra=1,
        ),
        parts.CardHead("Lines", "list-dashes", "8 of 11 units packed"),
        parts.LineList(
            (line(HEART, 3, 3, Family.OVER), line(CLOCK, 1, 0), line(BUNTING, 2, 0)),
            ("Product", "", "Packed", "Remaining"),
            "2 more lines, both done",
        ),
    ),
    HEADER,
    ack=parts.AckBar("Put the 4th back in tote T-0117", HOW, "Item scans are refused until this is acknowledged."),
)
LABEL = parts.LabelPreview(
    "NORTHWAY",
    "24 TRACKED",
    ("Harriet Ovenden", "14 Mill Lane", "Totnes", "TQ9 5HT", "United Kingdom"),
    "NW204417380GB",
    "NW 2044 1738 0 GB",
    ("#1042", "1 of 1", "2\u00a0431 g"),
    3,
)
COMPLETE = pack.Pack(
    parts.Banner(
        "Order complete. Label is out.",
        "#1042, parcel 1 of 1, 11 units, 2\u00a0431 g",
        Family.COMPLETE,
        "seal-check",
        tall=True,
        progress=progress(11),
    ),
    pack.Complete(
        parts.CardHead("Label", "printer", chip=parts.Chip("Printed", Family.OK, "check")),
        LABEL,
        parts.CardHead("Finish parcel 1", "list-numbers"),
        (
            parts.StepCard("1", "Close carton C", "Gift: packing slip without prices is inside", Stage.DONE),
            parts.StepCard("2", "Stick the label on", "Then scan it, so we know it is on the right parcel", Stage.NOW),
            parts.StepCard("3", "Put it in cage 4", "Northway, collected at 16:30"),
        ),
        pack.NextTote(
            parts.CardHead("Next for you", "arrow-right", "4 totes at this bench"),
            "T-0121",
            parts.Chip("16:30, 2 h 9 min left", Family.WARN, "clock"),
            "#1045, Tobias Fenwright, Leeds",
            ("bag", "jars", "lantern"),
            "3 lines, 5 units, Northway 48",
            (("This order", "1:42"), ("Today", "63"), ("Wrong parcels", "0")),
        ),
    ),
    commands=parts.CommandBar(
        (
            parts.Command("PW-REPRINT", "Reprint", "P", "same label, free"),
            parts.Command("PW-REDO", "Redo", "R", "void, buy another"),
            parts.Command("PW-ANOTHER", "Another shipment", "S", reason="Nothing left to ship"),
            parts.Command("T-0121", "Open T-0121", "Enter", "or scan any tote", parts.Kind.COMPLETE, right=True),
        )
    ),
)


def back(item: tuple[str, str, str], count: int) -> parts.LineRow:
    return parts.LineRow(item[1], item[0], item[1], "", "", f"0 of {count}", Family.WRONG, "circle-dashed", item[2])


STOPPED = pack.Pack(
    parts.Banner(
        "Stop. Order #1042 is cancelled.",
        "Mirela Dumont, office, 14:19: “Customer rang, ordered twice.”",
        Family.WRONG,
        "hand-palm",
        blocking=True,
        progress=progress(7),
    ),
    pack.Stopped(
        parts.CardHead("Take 7 units out of the carton", "arrow-u-up-left", "0 of 7 scanned back"),
        parts.LineList((back(BIRD, 4), back(HEART, 2), back(CAKE, 1)), ("", "", "", ""), single=True),
        parts.CardHead("What to do", "list-numbers"),
        (
            parts.StepCard("1", "Put all 7 in tote T-0117", "Scan each one back in", Stage.NOW, Family.WRONG),
            parts.StepCard("2", "Tote to rack R-01", "Put-away takes it from there"),
        ),
    ),
    replace(HEADER, right=None, chip=parts.Chip("Cancelled", Family.WRONG, "prohibit", large=True)),
    ack=parts.AckBar(
        "Seen? Then take the items out.",
        f"{HOW} No label was bought.",
        "This order can no longer be packed, labelled or shipped.",
    ),
)
WAITING = pack.Pack(
    parts.Banner(
        "Printer is out of labels",
        "Load a roll. The label for #1042 then prints by itself.",
        Family.WARN,
        "printer",
        blocking=True,
        progress=progress(11),
    ),
    pack.Waiting(
        parts.CardHead("Load a roll", "list-numbers", "bench-4-labels, 102 × 152 mm labels"),
        (
            parts.StepCard(
                "1", "Open the lid, take the core out", "Both yellow latches, one at each side", Stage.NOW, Family.WARN
            ),
            parts.StepCard("2", "New roll in, labels facing up", "Rolls are under the bench, left"),
            parts.StepCard(
                "3", "Close the lid, press the round key once", "The printer feeds one blank label and says ready"
            ),
        ),
        parts.CardHead("Print job 88213", "file-text", chip=parts.Chip("Waiting", Family.WARN, "pause-circle")),
        (
            parts.JobStep("Label bought", "14:20:02"),
            parts.JobStep("Kept, 14 KB of ZPL", "14:20:02"),
            parts.JobStep("Sent to the printer", "14:20:03"),
            parts.JobStep("Printer says: paper out", "1 s ago", Family.WARN, "warning"),
            parts.JobStep("Printed", "not yet", Family.TODO, "circle-dashed"),
        ),
        "It prints once. Nothing is bought again.",
    ),
    HEADER,
    commands=parts.CommandBar(
        (
            parts.Command("PW-PRINT-AT", "Print at Bench 5", "B", "printer ready, 6 m"),
            parts.Command("PW-HOLD", "Parcel to hold shelf", "H", "go on with T-0121"),
            parts.Command("PW-NEXT", "Open next order", reason="Parcel 1 has no label on it yet", right=True),
        )
    ),
)
NOTE = pack.Pack(
    parts.Banner(
        "Read this first",
        "The cakestand has a note. Order #1042 is open.",
        Family.WARN,
        "note",
        blocking=True,
        progress=progress(6),
    ),
    pack.Focus(
        parts.FacingCard(
            "Note for this product",
            Family.WARN,
            "note",
            "14:17:40",
            CAKE[2],
            CAKE[0],
            CAKE[1],
            note="Wrap each tier in tissue, card between.",
        ),
        parts.CardHead("Lines", "list-dashes", "6 of 11 units packed"),
        parts.LineList(
            (line(CAKE, 1, 0), line(HEART, 3, 2), line(CLOCK, 1, 0)), ("Product", "", "Packed", "Remaining")
        ),
    ),
    HEADER,
    ack=parts.AckBar("Read the note, then go on", HOW, "The cakestand is counted when this is acknowledged."),
)
ASKING = replace(
    PACKING,
    banner=parts.Banner(
        "Which one do you mean?", "Scan one of the answers, or press its key.", icon="question", progress=progress(7)
    ),
    body=replace(
        PACKING.body,
        panel=parts.ScanPanel(
            "Which do you mean?",
            "question",
            Family.ACCENT,
            "14:18:40",
            advice="The code 00227260 names two things.",
            choices=(
                parts.Choice("PW-1", CLOCK[0], "22727", "1", picture="clock-red", detail_is_code=True),
                parts.Choice("PW-2", "Carton E", "400×300×250", "2", icon="cube", detail_is_code=True),
            ),
        ),
    ),
)
STORING = replace(
    PACKING,
    body=replace(PACKING.body, panel=replace(RIGHT_PANEL, words="Storing", icon="hourglass", family=Family.ACCENT)),
)
TYPING = replace(
    PACKING,
    body=replace(
        PACKING.body,
        weight=parts.Weight(
            "Weight",
            "",
            "g",
            parts.Chip("No scale", Family.TODO),
            "Expected 1\u00a0788 g ± 60",
            "Enter takes it",
            typed="17",
            hint="Grams",
        ),
    ),
)
COLUMNS = (
    parts.Column("Leaves", 130),
    parts.Column("Tote", 110),
    parts.Column("Order", 110),
    parts.Column("Recipient"),
    parts.Column("Units", 70, numbers=True),
)


def tote_row(i: int) -> parts.TableRow:
    return parts.TableRow(
        f"T-{i:04}",
        (
            parts.Cell("16:30", "2 h 12 min", icon="clock", family=Family.WARN, strong=True),
            parts.Cell(f"T-{i:04}", code=True, strong=True),
            parts.Cell(f"#{1000 + i}", code=True),
            parts.Cell("Tobias Fenwright", "Leeds", strong=True),
            parts.Cell("5"),
        ),
    )


IDLE = pack.Pack(
    parts.Banner("Scan a tote, or a pick list", "An order's number works too.", icon="tray"),
    pack.Idle(
        parts.ScanPanel("Nothing scanned yet", advice="The last order was #1042, 11 units."),
        parts.CardHead("Next for you", "arrow-right", "4 totes at this bench"),
        parts.Table("totes", COLUMNS, tuple(tote_row(i) for i in range(121, 125)), "T-0121"),
    ),
    commands=parts.CommandBar(
        (
            parts.Command("PW-REPRINT", "Reprint", "P", "the last label"),
            parts.Command("PW-TRUCK", "Hand over", "H", "cage and truck"),
        )
    ),
)
STATES = {
    "pack-idle": IDLE,
    "03-pack": PACKING,
    "04-wrong": WRONG,
    "05-over": OVER,
    "06-complete": COMPLETE,
    "07-stopped": STOPPED,
    "08-paper": WAITING,
    "pack-note": NOTE,
    "pack-asking": ASKING,
    "pack-storing": STORING,
    "pack-typing": TYPING,
}


def in_shell(state: pack.Pack) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, intents: Recorder) -> QWidget:
        window = ShellWindow(look, intents)
        view = PackView(look, intents)
        window.add_page("pack", view)
        view.render(state)
        printer = ("Printer: no labels", LampState.WARN) if state is WAITING else ("Printer ready", LampState.OK)
        window.render(shell.Shell("pack", strip(printer=printer), rail("pack"), state.frame))
        return window

    return make


def signing_in(state: sign_in.SignIn) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, intents: Recorder) -> QWidget:
        window = ShellWindow(look, intents)
        view = SignInView(look, intents)
        window.add_page("sign-in", view)
        view.render(state)
        shown = strip("Scale 0 g", ("Printer: roll is low", LampState.WARN), "Nobody signed in", "13:24")
        window.render(shell.Shell("sign-in", shown))
        return window

    return make


PAGES: dict[str, Callable[[Look, Recorder], QWidget]] = {
    "01-sign-in": signing_in(SIGN_IN),
    "01-typed": signing_in(SIGN_IN_TYPED),
    **{name: in_shell(state) for name, state in STATES.items()},
}
