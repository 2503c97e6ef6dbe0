"""The lines of an order, one painted row each; 500 of them cost what is seen."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QScroller,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.words import say
from app.presenters.state import parts
from app.views.kit.ink import LEFT, RIGHT, Ink
from app.views.kit.look import Look
from app.views.kit.part import Part
from app.views.kit.text import Style, laid, unbroken

Index = QModelIndex | QPersistentModelIndex
LEAST_PRODUCT = 130
FOLDED = 42
ROUND = 8
ROW = int(Qt.ItemDataRole.UserRole)


class Shown(Enum):
    """Which quantities a row shows."""

    ALL = "required, packed, remaining"
    TWO = "packed, remaining"
    ONE = "remaining"


class LineColumns:
    """Where the columns of a line row lie, from the right: remaining, packed, required."""

    def __init__(self, look: Look, width: float, shown: Shown) -> None:
        """Measures for a row this wide."""
        wide = look.metrics.width == 1920
        touch = look.metrics.width == 1024
        self.remaining, self.packed = (112, 104) if wide else (78, 54) if touch else (84, 62)
        self.required = 0 if shown is not Shown.ALL else (104 if wide else 70)
        self.icon, self.picture = (44, 70) if wide else (34, 50) if touch else (38, 52)
        if shown is Shown.ONE:
            self.remaining, self.packed = (240 if wide else 170), 0
            self.icon, self.picture = (54, 80) if wide else (46, 60)
        scale = look.metrics.text_scale
        self.remaining, self.packed = round(self.remaining * scale), round(self.packed * scale)
        self.required = round(self.required * scale)
        self.right = width - 14
        self.product = self.icon + self.picture
        self.product_width = self.right - self.remaining - self.packed - self.required - self.product - 10

    def places(self, height: float) -> tuple[QRectF, QRectF, QRectF]:
        """Rectangles of required, packed and remaining in a row of this height."""
        remaining = QRectF(self.right - self.remaining, 0, self.remaining, height)
        packed = QRectF(remaining.left() - self.packed, 0, self.packed, height)
        return QRectF(packed.left() - self.required, 0, self.required, height), packed, remaining


def draw_line(ink: Ink, row: parts.LineRow, rect: QRect, shown: Shown) -> None:
    """One line row: painted once and kept, for a scan changes one of them and moves the others."""
    ground = ink.look.family(row.family).soft if row.filled else "surface"
    ink.stamp((draw_line, row, shown), rect, lambda made: _draw_row(made, row, rect.size(), shown, ground), ground)


def _draw_row(ink: Ink, row: parts.LineRow, size: QSize, shown: Shown, ground: str) -> None:
    """On its ground: state bar, icon, picture, name and SKU, three quantities."""
    look, sizes, wide, height = ink.look, ink.look.metrics, size.width(), size.height()
    columns = LineColumns(look, wide, shown)
    ink.fill(QRectF(0, 0, 5, height), "line" if row.family is parts.Family.TODO else look.family(row.family).solid)
    ink.line(0, height - 1, wide, height - 1, "line")
    goods = QRect(5, 0, round(columns.product + columns.product_width) - 5, height - 1)
    key = (_draw_goods, row.name, row.sku, row.picture, row.icon, row.family, row.done, row.filled, columns.icon)
    # Of a line of many units only the numbers change; of most lines there is one unit, and nothing to keep.
    once = row.done or row.packed in ("0", "1")
    ink.stamp(key, goods, lambda made: _draw_goods(made, row, columns, height), ground, new=once)
    required, packed, remaining = columns.places(height)
    if shown is Shown.ALL:
        ink.text(required, row.required, ink.font(sizes.quantity, 500), "text2", RIGHT)
    if shown is not Shown.ONE:
        quiet = row.done and not row.filled
        font = ink.font(sizes.quantity, 500 if quiet else 600)
        ink.text(packed, row.packed, font, "text2" if quiet else "text", RIGHT)
    if row.done:
        ink.text(remaining, row.remaining, ink.font(sizes.body, 600), "okText", RIGHT)
    else:
        ink.text(remaining, row.remaining, ink.font(sizes.quantity, 600), "text", RIGHT)


def _draw_goods(ink: Ink, row: parts.LineRow, columns: LineColumns, height: float) -> None:
    """Icon, picture, name and number, right of the bar."""
    ink.painter.translate(-5, 0)
    token = "text3" if row.family is parts.Family.TODO else ink.look.family(row.family).text
    ink.icon_in(row.icon, QRectF(4, 0, columns.icon, height - 1), 22, token)
    side = ink.look.metrics.row_picture
    ink.picture(row.picture, QRectF(columns.icon, round((height - 1 - side) / 2), side, side), 6)
    _draw_name(ink, row, columns, height)


def _draw_name(ink: Ink, row: parts.LineRow, columns: LineColumns, height: float) -> None:
    look, sizes = ink.look, ink.look.metrics
    quiet = row.done and not row.filled
    size = 20 * sizes.text_scale if sizes.width == 1920 else sizes.body - 1
    style = Style(size, 500 if quiet else 600, "text2" if quiet else "text", line_height=1.12, max_lines=2)
    name = laid(look, unbroken(row.name), style, columns.product_width)
    sku = sizes.small * 1.3
    top = (height - 1 - name.height - sku) / 2
    name.paint(ink.painter, columns.product + 2, top)
    place = QRectF(columns.product + 2, top + name.height, columns.product_width, sku)
    ink.text(place, row.sku, ink.font(sizes.small, 400, mono=True, spacing=-1), "text2", LEFT)


class LineModel(QAbstractListModel):
    """Rows of a LineList for the view; the row that stands for folded lines is its last."""

    def __init__(self, parent: QWidget) -> None:
        """Starts empty."""
        super().__init__(parent)
        self.rows: tuple[parts.LineRow | str, ...] = ()

    def take(self, rows: tuple[parts.LineRow | str, ...]) -> list[int]:
        """Replace the rows; says which changed while their number did not, for the view to paint.

        Qt's list lays out and paints everything on its own signal for that, which costs a scan half a millisecond.
        """
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return []
        changed = [i for i, (old, new) in enumerate(zip(self.rows, rows, strict=True)) if old is not new and old != new]
        self.rows = rows
        return changed

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The row itself, or the row in words."""
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            if isinstance(row, str):
                return row
            return f"{row.name}, {row.sku}: {row.packed} / {row.required}, {row.remaining}"
        return None


class LineDelegate(QStyledItemDelegate):
    """Paints a whole row at once."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        """Paints with this look."""
        super().__init__(parent)
        self.look = look
        self.shown = Shown.ALL

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of a row."""
        folded = isinstance(index.data(ROW), str)
        return QSize(100, FOLDED if folded else self.look.metrics.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row = index.data(ROW)
        with Ink(option.widget, self.look, painter) as ink:
            if isinstance(row, parts.LineRow):
                draw_line(ink, row, option.rect, self.shown)
                return
            ink.fill(option.rect, "surface")  # the list says that it covers all of its place
            words = QRectF(option.rect).adjusted(44, 0, -14, 0)
            ink.icon("check-circle", 18, round(words.center().y() - 9), 18, "text2")
            ink.text(words, str(row), ink.font(self.look.metrics.body), "text2")


class LineHead(Part):
    """The heads of the columns."""

    behind = "surface"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Paints four words."""
        super().__init__(look, parent)
        self.state = ("", "", "", "")
        self.shown = Shown.ALL
        self.row_width = 0
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.row_head)

    def kept_as(self) -> Hashable | None:
        """The words and where they stand."""
        return self.state, self.shown, self.row_width

    def draw(self, ink: Ink) -> None:
        """Words above their columns."""
        columns = LineColumns(self.look, self.row_width or self.width(), self.shown)
        font, height = ink.font(self.look.metrics.micro, 500), self.height()
        ink.text(QRectF(columns.product, 0, columns.product_width, height), self.state[0], font, "text3")
        for words, place in zip(self.state[1:], columns.places(height), strict=True):
            if place.width():
                ink.text(place, words, font, "text3", RIGHT)
        ink.line(0, height - 1, self.width(), height - 1, "line")


def folded_words(count: int) -> str:
    """The words of the row that stands for done lines."""
    key = {1: "kit.lines.folded_one", 2: "kit.lines.folded_two"}.get(count, "kit.lines.folded")
    return say(key, count=count)


class Rows(QListView):
    """A list that covers all of its place, so that the card behind a row is not painted with it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        """Without rows."""
        super().__init__(parent)
        self.high = 0
        """Of all rows together, in pixels."""
        self._look = look
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the ground below them."""
        super().paintEvent(event)
        rest = event.rect()
        rest.setTop(max(rest.top(), self.high - self.verticalScrollBar().value()))
        if not rest.isEmpty():
            painter = QPainter(self.viewport())
            painter.fillRect(rest, self._look.colour("surface"))
            painter.end()


class LineList(QWidget):
    """`LineList(look)`; `render(parts.LineList)`. Goes into a Card."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """A head and a list that scrolls; it takes no focus, because nothing in it is pressed."""
        super().__init__(parent)
        self.look = look
        self.state: parts.LineList | None = None
        self.head = LineHead(look, self)
        self.view = Rows(look, self)
        self.model = LineModel(self.view)
        self._delegate = LineDelegate(look, self.view)
        self._set_up_view()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, ROUND)  # the list covers all of its place, but not the card's round corners
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        look.changed.connect(self._relook)

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.viewport().installEventFilter(self)
        QScroller.grabGesture(view.viewport(), QScroller.ScrollerGestureType.TouchGesture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the heads above their columns when a scroll bar comes or goes."""
        if event.type() is QEvent.Type.Resize:
            self.head.row_width = self.view.viewport().width()
            self.head.update()
        return False

    def _relook(self) -> None:
        self._hide_columns()
        self._take_rows()
        self.view.doItemsLayout()
        self.view.viewport().update()

    def _hide_columns(self) -> None:
        if self.state is None:
            return
        two = not self.state.headings[1] or self.look.metrics.width == 1024
        if not two and self.width() > 0:
            two = LineColumns(self.look, self.width(), Shown.ALL).product_width < LEAST_PRODUCT
        shown = Shown.ONE if self.state.single else Shown.TWO if two else Shown.ALL
        self._delegate.shown = self.head.shown = shown

    def render(self, state: parts.LineList) -> None:
        """Take the lines in their order; the list shows its top, where the line just scanned stands."""
        if state == self.state:
            return
        moved = self.state is None or [r.key for r in state.rows[:1]] != [r.key for r in self.state.rows[:1]]
        heads = self.state is None or state.headings != self.state.headings or state.single != self.state.single
        self.state = state
        if heads:
            self._hide_columns()
        self._take_rows()
        if heads:
            self.head.state = state.headings
            self.head.setVisible(any(state.headings))
            self.head.update()
        if moved:
            self.view.scrollToTop()

    def _take_rows(self) -> None:
        """The rows; where they have no room, the done ones at the end become one row."""
        if self.state is None:
            return
        rows, fold = self.state.rows, self.state.fold
        open_rows = len(rows)
        while open_rows and rows[open_rows - 1].done and not rows[open_rows - 1].filled:
            open_rows -= 1
        folded = len(rows) - open_rows
        if not fold and folded and len(rows) * self.look.metrics.row > self.view.height() > 0:
            rows, fold = rows[:open_rows], folded_words(folded)
        high, viewport = self.look.metrics.row, self.view.viewport()
        changed = self.model.take((*rows, fold) if fold else rows)
        self.view.high = len(rows) * high + (FOLDED if fold else 0)
        if changed:
            top = changed[0] * high - self.view.verticalScrollBar().value()
            viewport.update(0, top, viewport.width(), (changed[-1] - changed[0] + 1) * high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold."""
        super().resizeEvent(event)
        self._hide_columns()
        QTimer.singleShot(0, self, self._take_rows)
