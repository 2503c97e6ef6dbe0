"""The table: pages are read as it is scrolled, one delegate paints the cells, keys move and open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScroller,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.ink import CENTRE, LEFT, RIGHT, Ink
from app.views.kit.look import Look
from app.views.kit.table_model import CELL, ROW, Index, TableModel
from app.views.kit.text import Paragraph, Style, fit_font

PAD = 10
SMALLER = 0.72
"""Words that do not fit may be set so much smaller before they are cut."""
NEAR_THE_END = 20
LEAST, FLEXIBLE = 130, 96
"""Of a column without a width: what it should have before others are hidden, and what it has at least."""
"""What a column that takes the rest needs at least before others hide for it."""


class CellDelegate(QStyledItemDelegate):
    """Paints one cell: icon, words, second line or chip."""

    def __init__(self, look: Look, table: DataTable) -> None:
        """Asks the table which row is chosen."""
        super().__init__(table)
        self.look, self._table = look, table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of a row."""
        return QSize(40, self._table.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        cell, row = index.data(CELL), index.data(ROW)
        rect = QRectF(option.rect)
        state = self._table.state
        with Ink(option.widget, self.look, painter) as ink:
            chosen = row.key == self._table.chosen
            if chosen:
                ink.fill(rect, "accentSoft")
            ink.line(rect.left(), rect.bottom() - 1, rect.right(), rect.bottom() - 1, "line")
            if index.column() == 0:
                family = parts.Family.ACCENT if chosen else row.family
                if family is not None:
                    ink.fill(QRectF(rect.left(), rect.top(), 5, rect.height()), self.look.family(family).solid)
            column = state.columns[index.column()]
            self._draw(ink, cell, rect.adjusted(PAD + (4 if index.column() == 0 else 0), 0, -PAD, -1), column.numbers)

    def _draw(self, ink: Ink, cell: parts.Cell, place: QRectF, numbers: bool) -> None:
        sizes = self.look.metrics
        colours = self.look.family(cell.family) if cell.family else None
        if cell.picture:
            side = min(sizes.row_picture, place.height() - 8)
            ink.picture(cell.picture, QRectF(place.left(), place.center().y() - side / 2, side, side), 6)
            place = place.adjusted(side + 10, 0, 0, 0)
        if cell.icon:
            ink.icon(
                cell.icon, round(place.left()), round(place.center().y() - 10), 20, colours.text if colours else "text2"
            )
            place = place.adjusted(28, 0, 0, 0)
        if cell.chip:
            ink.chip(cell.chip, place.left(), place.center().y(), place.width())
            return
        token = colours.text if colours and cell.family is not parts.Family.WARN else "text2" if cell.quiet else "text"
        size = sizes.body + (1 if cell.code and cell.strong else 0)
        font = ink.font(size, 600 if cell.strong else 400, cell.code, -1 if cell.code else 0)
        align = RIGHT if numbers else LEFT
        if not cell.second:
            if (
                not numbers
                and not cell.code
                and self._table.state.two_lines
                and self._wraps(ink, cell, font, token, place)
            ):
                return
            ink.text(place, cell.words, self._fitting(cell.words, font, place.width()), token, align)
            return
        upper, lower = sizes.body * 1.2, sizes.small * 1.2
        top = place.center().y() - (upper + lower) / 2
        font = self._fitting(cell.words, font, place.width())
        ink.text(QRectF(place.left(), top, place.width(), upper), cell.words, font, token, align)
        second = QRectF(place.left(), top + upper, place.width(), lower)
        font = self._fitting(cell.second, ink.font(sizes.small), place.width())
        ink.text(second, cell.second, font, token if token.startswith("wrong") else "text2", align)

    def _fitting(self, words: str, font: QFont, width: float) -> QFont:
        """The font, or one a little smaller in which more of the words can be read."""
        return fit_font(self.look, words, font, width, round(font.pixelSize() * SMALLER))

    def _wraps(self, ink: Ink, cell: parts.Cell, font: QFont, token: str, place: QRectF) -> bool:
        """Words of a row with room for two lines take both, where one is too short; says whether they did."""
        if ink.width(cell.words, font) <= place.width() or " " not in cell.words:
            return False
        style = Style(self.look.metrics.small, 600 if cell.strong else 400, token, line_height=1.2, max_lines=2)
        made = Paragraph(self.look, cell.words, style, place.width())
        made.paint(ink.painter, place.left(), place.center().y() - made.height / 2)
        return True


class DataTable(QWidget):
    """`DataTable(look, intents)`; `render(parts.Table)`.

    Speaks to `intents.choose(table name, row key, opened)` and `intents.more(table name)`. `steer(key)` takes the keys
    Up, Down, PageUp, PageDown, Home, End and Enter from the window.
    """

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Goes into a Card."""
        super().__init__(parent)
        self.look, self._intents = look, intents
        self.state = parts.Table("", ())
        self.chosen = ""
        self._asked_at = -1
        self._empty = EmptyWords(look)
        self.view = QTableView(self)
        self.model = TableModel(self.view)
        self._set_up_view()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._empty.setParent(self)
        look.changed.connect(self._relook)
        self._relook()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(CellDelegate(self.look, self))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        head = view.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        view.clicked.connect(lambda index: self._choose(index, opened=False))
        view.doubleClicked.connect(lambda index: self._choose(index, opened=True))
        view.verticalScrollBar().valueChanged.connect(lambda _: self._want_more())
        view.viewport().installEventFilter(self)
        QScroller.grabGesture(view.viewport(), QScroller.ScrollerGestureType.TouchGesture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the width again when the room for rows changes."""
        if event.type() is QEvent.Type.Resize:
            self._share_width()
            self._want_more()
        return False

    def row_height(self) -> int:
        """Two lines or one."""
        sizes = self.look.metrics
        return sizes.table_row_two if self.state.two_lines else sizes.table_row

    def _relook(self) -> None:
        self.view.verticalHeader().setDefaultSectionSize(self.row_height())
        self.view.horizontalHeader().setFixedHeight(self.look.metrics.table_head)
        self._share_width()
        self.view.viewport().update()

    def render(self, state: parts.Table) -> None:
        """Take a state; the chosen row is brought into view when it changes."""
        if state == self.state:
            return
        fresh = state.columns != self.state.columns or state.two_lines != self.state.two_lines
        moved = state.chosen != self.chosen
        if len(state.rows) != len(self.state.rows):
            self._asked_at = -1
        self.state, self.chosen = state, state.chosen
        self.model.take(state)
        if fresh:
            self._relook()
        if moved:
            self._show_chosen()
        self.view.setAccessibleName(state.name)
        self.view.viewport().update()
        self._want_more()
        self._empty.words = state.empty
        self._empty.setVisible(not state.rows)
        self._empty.update()

    def _show_chosen(self) -> None:
        row = self.model.row_of(self.chosen)
        if row >= 0:
            self.view.scrollTo(self.model.index(row, 0))
        self.view.viewport().update()

    def _choose(self, index: QModelIndex, opened: bool) -> None:
        row = index.data(ROW)
        if isinstance(row, parts.TableRow):
            self.chosen = row.key
            self.view.viewport().update()
            self._intents.choose(self.state.name, row.key, opened)

    def steer(self, key: str) -> bool:
        """Move the chosen row or open it; says whether the key meant something here."""
        rows = self.state.rows
        if not rows:
            return False
        at = self.model.row_of(self.chosen)
        if key == "Enter":
            if at >= 0:
                self._intents.choose(self.state.name, self.chosen, True)
            return at >= 0
        page = max(1, self.view.viewport().height() // self.row_height() - 1)
        steps = {"Up": -1, "Down": 1, "PageUp": -page, "PageDown": page, "Home": -len(rows), "End": len(rows)}
        if key not in steps:
            return False
        to = min(len(rows) - 1, max(0, at + steps[key]))
        if rows[to].key != self.chosen:
            self.chosen = rows[to].key
            self._show_chosen()
            self._intents.choose(self.state.name, self.chosen, False)
        return True

    def _want_more(self) -> None:
        """Ask for the next page once, when the last rows come near."""
        if not self.state.more or self._asked_at == len(self.state.rows):
            return
        last = self.view.rowAt(self.view.viewport().height() - 1)
        seen = len(self.state.rows) - 1 if last < 0 else last
        if seen >= len(self.state.rows) - NEAR_THE_END:
            self._asked_at = len(self.state.rows)
            self._intents.more(self.state.name)

    def _share_width(self) -> None:
        """Fixed columns keep their width, scaled for 1920; the rest is shared by those without one."""
        columns = self.state.columns
        factor = {1024: 1.0, 1366: 1.0, 1920: 1.22}[self.look.metrics.width] * self.look.metrics.text_scale
        room = self.view.viewport().width()
        every = sum(round(c.width * factor) or LEAST for c in columns)
        tight = self.look.metrics.width == 1024 or every > room
        shown = [i for i, c in enumerate(columns) if not (c.wide and tight)]
        fixed = {i: round(columns[i].width * factor) for i in shown if columns[i].width}
        free = [i for i in shown if not columns[i].width]
        wanted = sum(fixed.values())
        least = round(FLEXIBLE * self.look.metrics.text_scale)
        spare = [i for i in shown if columns[i].spare]
        if spare and wanted + round(LEAST * self.look.metrics.text_scale) * len(free) > room:
            shown = [i for i in shown if i not in spare]
            fixed = {i: wide for i, wide in fixed.items() if i in shown}
            wanted = sum(fixed.values())
        over = wanted + least * len(free) - room
        if over > 0 and wanted > over:  # large type on a small screen: every column gives up its share
            fixed = {i: wide * (wanted - over) // wanted for i, wide in fixed.items()}
        rest = max(0, room - sum(fixed.values()))
        for i in range(len(columns)):
            self.view.setColumnHidden(i, i not in shown)
        for i in shown:
            self.view.setColumnWidth(i, fixed.get(i) or max(least, rest // max(1, len(free))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words of an empty list fill it."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.rect())


class EmptyWords(QWidget):
    """Words in the middle of an empty list."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Transparent to the pointer."""
        super().__init__(parent)
        self.look, self.words = look, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: object) -> None:
        """One quiet sentence."""
        with Ink(self, self.look) as ink:
            ink.text(QRectF(self.rect()), self.words, ink.font(self.look.metrics.lead), "text2", CENTRE)
