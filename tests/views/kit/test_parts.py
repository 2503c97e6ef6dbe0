"""The parts: what they say, what they emit, what they never do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QRegion
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.presenters.state import parts, shell
from app.presenters.state.parts import Family, Kind, LampState
from app.views.kit import (
    AckBar,
    Banner,
    ChoiceButtons,
    CommandBar,
    CommandButton,
    DataTable,
    FacingCards,
    LabelPreview,
    LineList,
    Look,
    NotesBar,
    ScanPanel,
    StatusStrip,
    WeightTrack,
)
from app.views.kit.command_bar import MoreButton
from app.views.kit.facing import rows_that_fit
from app.views.kit.ink import width_of
from app.views.kit.look import load_picture
from app.views.theme import ThemeName
from tests.views import samples
from tests.views.gallery import Recorder, settle, shoot


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look()
    made.apply()
    yield made


@pytest.fixture
def told() -> Recorder:
    return Recorder()


def pixels(image: QImage, colour: str) -> int:
    """How many pixels of a picture have exactly a colour, looking at each fourth."""
    wanted = colour.lower()
    return sum(
        image.pixelColor(x, y).name() == wanted for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)
    )


def decode(image: QImage) -> set[str]:
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(image.width() * 2, image.height() * 2)
    array = memoryview(plain.constBits()).cast("B", shape=[plain.height(), plain.bytesPerLine()])
    return {found.text for found in zxingcpp.read_barcodes(array)}


def test_banner_says_its_order_and_progress(look: Look) -> None:
    banner = Banner(look)
    banner.render(parts.Banner("Scan the next item", "Any line", progress=parts.Progress(7, 11, "of 11 packed")))
    assert banner.accessibleName() == "Scan the next item"
    assert banner.accessibleDescription() == "Any line 7 of 11 packed"
    assert banner.height() == 94


def test_a_blocking_banner_is_tall_and_striped(look: Look) -> None:
    banner = Banner(look)
    banner.render(parts.Banner("Wrong item. Put it aside.", family=Family.WRONG, icon="x-circle", blocking=True))
    banner.resize(1290, banner.height())
    tape = banner.grab().toImage().copy(0, 120, 1290, 10)
    assert banner.height() == 132
    assert pixels(tape, "#FFFFFF") > 200
    assert pixels(tape, look.theme["wrongSolid"]) > 200


def test_a_long_order_becomes_smaller_and_then_wraps_but_is_never_cut(look: Look) -> None:
    banner = Banner(look)
    banner.resize(900, 94)
    banner.render(parts.Banner("Geben Sie den Artikel bitte in die Kiste für falsche Artikel zurück", "nebenbei"))
    assert not banner.grab().isNull()
    assert banner.accessibleName().endswith("zurück")


def test_the_search_field_of_a_banner_speaks(look: Look, told: Recorder) -> None:
    banner = Banner(look, told)
    banner.render(parts.Banner("Scan or type anything", search=parts.Search(hint="Search")))
    assert banner.field is not None
    banner.field.setText("1042")
    banner.field.returnPressed.emit()
    assert told.told == [("typed", "search", "1042", True)]


def test_a_command_speaks_its_code_by_pointer(look: Look, told: Recorder) -> None:
    button = CommandButton(look, told)
    button.render(parts.Command("PW-PARCEL", "New parcel", "N"))
    button.click()
    assert told.told == [("command", "PW-PARCEL")]
    assert button.accessibleName() == "New parcel, N"


def test_a_command_that_may_not_be_used_says_why_and_hides_its_code(look: Look, told: Recorder) -> None:
    button = CommandButton(look, told)
    button.render(parts.Command("PW-CLOSE", "Close and print label", "L", reason="4 units still to scan"))
    button.resize(button.sizeHint())
    button.click()
    assert told.told == []
    assert button.accessibleDescription() == "4 units still to scan"
    assert button.toolTip() == "4 units still to scan"
    assert not button.isEnabled()
    assert decode(button.grab().toImage()) == set()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_no_key_presses_the_button_with_the_focus(look: Look, told: Recorder, key: Qt.Key) -> None:
    button = CommandButton(look, told)
    button.render(parts.Command("PW-CLOSE", "Close"))
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(button, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))
    assert told.told == []


@pytest.mark.parametrize("code", ["PW-OK", "PW-UNDO", "PW-PARCEL", "PW-MISSING", "PW-REPRINT", "PW-ANOTHER", "T-0121"])
@pytest.mark.parametrize("kind", [Kind.PLAIN, Kind.PRIMARY, Kind.COMPLETE])
def test_the_code_on_a_button_can_be_scanned_off_the_screen(look: Look, told: Recorder, code: str, kind: Kind) -> None:
    button = CommandButton(look, told)
    button.render(parts.Command(code, "Words", "X", kind=kind))
    button.resize(button.sizeHint())
    assert decode(button.grab().toImage()) == {code}


def test_the_ack_bar_shows_a_code_to_scan_and_answers_a_touch(look: Look, told: Recorder) -> None:
    bar = AckBar(look, told)
    bar.render(parts.AckBar("Put it aside", "Scan the OK card", "Locked"))
    bar.resize(1290, bar.height())
    assert decode(bar.grab().toImage()) == {"PW-OK"}
    for place in (QPoint(600, 60), QPoint(90, 70)):
        event = QMouseEvent(
            QEvent.Type.MouseButtonPress,
            QPointF(place),
            QPointF(place),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(bar, event)
    assert told.told == [("command", "PW-OK")]


def test_commands_without_room_go_under_more_but_never_the_main_one(look: Look, told: Recorder) -> None:
    bar = CommandBar(look, told)
    state = samples.COMPLETE.commands
    bar.render(state)
    bar.resize(700, bar.height())
    bar.show()
    settle(bar)
    shown = [b.state.code for b in bar.buttons if not b.isHidden()]
    assert "T-0121" in shown
    assert len(shown) < len(state.commands)
    seen, turned = set(shown), 0
    while seen != {c.code for c in state.commands}:
        assert bar.turn()
        turned += 1
        others = [b.state.code for b in bar.buttons if not b.isHidden()]
        assert "T-0121" in others
        assert not seen.issuperset(others), "each turn shows something new"
        seen |= set(others)
    assert turned
    assert bar.turn()
    assert [b.state.code for b in bar.buttons if not b.isHidden()] == shown
    bar.resize(1600, bar.height())
    settle(bar)
    assert [b.state.code for b in bar.buttons if not b.isHidden()] == [c.code for c in state.commands]
    assert not bar.turn()


def test_what_is_offered_under_more_goes_when_the_commands_change(look: Look, told: Recorder) -> None:
    bar = CommandBar(look, told)
    state = samples.COMPLETE.commands
    bar.render(state)
    bar.resize(700, bar.height())
    bar.show()
    settle(bar)
    more = bar.findChild(MoreButton)
    assert more is not None
    more.click()
    menu = bar.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    assert len(menu.actions()) == sum(button.isHidden() for button in bar.buttons)
    bar.render(parts.CommandBar(state.commands[:-1]))
    assert not menu.isVisible()
    assert told.told == []


def test_choices_speak_and_say_why_not(look: Look, told: Recorder) -> None:
    choices = ChoiceButtons(look, told)
    choices.render((parts.Choice("PW-1", "Clock", "22727", "1"), parts.Choice("PW-2", "Box", reason="None left")))
    choices.buttons[0].click()
    choices.buttons[1].click()
    assert told.told == [("command", "PW-1")]
    assert choices.buttons[1].accessibleDescription() == "None left"


def test_the_scan_panel_is_said_whole(look: Look, told: Recorder) -> None:
    panel = ScanPanel(look, told)
    panel.render(samples.RIGHT_PANEL)
    assert panel.accessibleName() == "Right. Counted. WHITE HANGING HEART T-LIGHT HOLDER 85123A"
    assert panel.accessibleDescription().startswith("2 of 3")


@pytest.mark.parametrize("family", [f for f in Family if f is not Family.TODO])
@pytest.mark.parametrize("theme", list(ThemeName))
def test_each_family_is_painted_in_its_own_solid(qapp: QApplication, family: Family, theme: ThemeName) -> None:
    def make(look: Look, intents: Recorder) -> ScanPanel:
        panel = ScanPanel(look, intents)
        panel.render(parts.ScanPanel("Words", "stack", family, count="2", of="of 3", have=2, need=3))
        return panel

    image = shoot(make, 1366, theme)
    assert pixels(image, Look(theme).family(family).solid) > 500


def test_five_hundred_lines_cost_what_is_seen(look: Look) -> None:
    lines = LineList(look)
    lines.resize(520, 340)
    rows = tuple(samples.line((f"PRODUCT {i}", f"{i:05}", ""), 3, 0) for i in range(500))
    lines.render(parts.LineList(rows, samples.HEADINGS))
    lines.show()
    settle(lines)
    assert lines.model.rowCount() == 500
    assert lines.model.data(lines.model.index(499)) == "PRODUCT 499, 00499: 0 / 3, 3"


def test_done_lines_fold_where_there_is_no_room(look: Look) -> None:
    lines = LineList(look)
    lines.resize(520, 260)
    lines.show()
    lines.render(samples.LINES)
    settle(lines)
    assert lines.model.rows[-1] == "2 more lines, both done"
    lines.resize(520, 700)
    settle(lines)
    assert lines.model.rows == samples.LINES.rows


def test_the_list_covers_all_of_its_place(look: Look) -> None:
    """It says so to the system, which then leaves there what stood there before: behind the folded lines too."""
    lines = LineList(look)
    lines.resize(520, 260)
    lines.show()
    lines.render(samples.LINES)
    settle(lines)
    assert isinstance(lines.model.rows[-1], str)
    viewport = lines.view.viewport()
    lines.view.verticalScrollBar().setValue(lines.view.verticalScrollBar().maximum())
    before = QImage(viewport.size(), QImage.Format.Format_RGB32)
    before.fill(QColor("magenta"))
    viewport.render(before, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    assert pixels(before, "#ff00ff") == 0


def test_notes_hide_when_there_are_none(look: Look) -> None:
    bar = NotesBar(look)
    bar.render(samples.NOTES)
    assert not bar.isHidden()
    bar.render(())
    assert bar.isHidden()


def test_facing_cards_say_both_products(look: Look) -> None:
    cards = FacingCards(look)
    body = samples.WRONG.body
    cards.render(body.hand, body.wanted)  # type: ignore[union-attr]
    assert cards.left.accessibleName() == "In your hand: ALARM CLOCK BAKELIKE GREEN 22726"
    assert cards.right.accessibleDescription() == "0 of 1 packed. Picked at B-01-04-3."


def test_the_weight_can_be_typed(look: Look, told: Recorder) -> None:
    weight = WeightTrack(look, told)
    weight.render(samples.WEIGHT)
    assert weight.field.isHidden()
    weight.render(samples.TYPING.body.weight)  # type: ignore[union-attr]
    assert not weight.field.isHidden()
    weight.field.setText("1788")
    weight.field.returnPressed.emit()
    assert told.told == [("typed", "weight", "1788", True)]


def test_the_label_on_screen_decodes(look: Look) -> None:
    label = LabelPreview(look)
    label.resize(400, 420)
    label.render(samples.LABEL)
    assert decode(label.grab().toImage()) == {"NW204417380GB"}


def test_lamps_keep_their_order_and_answer_a_touch(look: Look, told: Recorder) -> None:
    strip = StatusStrip(look, told)
    lamps = (
        shell.Lamp("scanner", "barcode", "Scanner unplugged", LampState.DOWN),
        shell.Lamp("scale", "scales", "Scale 0 g"),
    )
    strip.render(shell.Strip("Bench 4", "Anna", lamps, "14:18"))
    strip.resize(1366, strip.height())
    image = strip.grab().toImage()
    assert pixels(image, look.theme["frameBad"]) > 100
    assert strip.accessibleDescription() == "Scanner unplugged (down), Scale 0 g (ok)"
    place = dict(strip._places)["scanner"].center()
    event = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        place,
        place,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(strip, event)
    assert told.told == [("choose", "lamp", "scanner", True)]


def table(rows: int, more: bool, chosen: str = "") -> parts.Table:
    made = tuple(parts.TableRow(str(i), (parts.Cell(f"#{i}"), parts.Cell("x", "y"))) for i in range(rows))
    return parts.Table("orders", (parts.Column("Order", 100), parts.Column("Who")), made, chosen, more)


def test_a_table_asks_for_its_next_page_once(look: Look, told: Recorder) -> None:
    view = DataTable(look, told)
    view.resize(500, 400)
    view.show()
    view.render(table(100, more=True))
    settle(view)
    assert told.told == []
    view.view.scrollToBottom()
    settle(view)
    view.view.scrollToTop()
    view.view.scrollToBottom()
    settle(view)
    assert told.told == [("more", "orders")]
    view.render(table(200, more=False))
    assert view.model.rowCount() == 200


def test_keys_move_in_a_table_and_open(look: Look, told: Recorder) -> None:
    view = DataTable(look, told)
    view.resize(500, 400)
    view.render(table(50, more=False, chosen="3"))
    assert [view.steer(key) for key in ("Down", "End", "Home", "Enter", "X")] == [True, True, True, True, False]
    assert told.told == [
        ("choose", "orders", "4", False),
        ("choose", "orders", "49", False),
        ("choose", "orders", "0", False),
        ("choose", "orders", "0", True),
    ]


def test_the_same_state_paints_nothing_again(look: Look) -> None:
    banner = Banner(look)
    painted: list[int] = []
    banner.draw = lambda ink: painted.append(1)  # type: ignore[method-assign]
    banner.show()
    banner.render(samples.PACKING.banner)
    settle(banner)
    before = len(painted)
    banner.render(samples.PACKING.banner)
    settle(banner)
    assert len(painted) == before


def test_a_broken_or_missing_picture_is_an_empty_ground(look: Look, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    assert load_picture(str(broken), 100) is None
    assert load_picture("no-such-product", 100) is None
    assert not look.picture("no-such-product", 44, 44, 6).isNull()


def test_shipped_pictures_are_there_in_both_sizes(look: Look) -> None:
    small, large = load_picture("heart", 44), load_picture("heart", 290)
    assert small is not None and large is not None
    assert (small.width(), large.width()) == (128, 512)


def test_weights_of_the_type_differ(look: Look) -> None:
    regular, heavy = look.font(100, 400), look.font(100, 800)
    assert heavy.weight() == 800
    assert width_of("WORDS", heavy) > width_of("WORDS", regular)
    assert width_of("111", regular) == pytest.approx(width_of("888", regular))


def test_a_facing_list_counts_what_it_has_no_room_for() -> None:
    assert rows_that_fit(5, 300, 60, 30) == 5
    assert rows_that_fit(5, 299, 60, 30) == 4
    assert rows_that_fit(9, 200, 60, 30) == 2
    assert rows_that_fit(3, 20, 60, 30) == 0
