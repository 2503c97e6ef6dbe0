"""Rows of a page by page list for Qt: pages that are added are told as added, so that nothing jumps."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole)
ROW = CELL + 1
SPOKEN = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))


class TableModel(QAbstractTableModel):
    """Holds a parts.Table."""

    def __init__(self, parent: QWidget) -> None:
        """Starts empty."""
        super().__init__(parent)
        self.state = parts.Table("", ())

    def take(self, state: parts.Table) -> None:
        """Take a state: rows appended, rows changed in place, or everything anew."""
        old, self_rows = self.state, self.state.rows
        grown = len(state.rows) > len(self_rows) and bool(self_rows)
        if old.columns == state.columns and grown and state.rows[: len(self_rows)] == self_rows:
            self.beginInsertRows(QModelIndex(), len(self_rows), len(state.rows) - 1)
            self.state = state
            self.endInsertRows()
            return
        if old.columns == state.columns and len(state.rows) == len(self_rows):
            self.state = state
            for i, (before, after) in enumerate(zip(self_rows, state.rows, strict=True)):
                if before != after:
                    self.dataChanged.emit(self.index(i, 0), self.index(i, len(state.columns) - 1))
            return
        self.beginResetModel()
        self.state = state
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """Where a row stands, -1 when it is not there."""
        return next((i for i, row in enumerate(self.state.rows) if row.key == key), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows read so far."""
        return 0 if parent is not None and parent.isValid() else len(self.state.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self.state.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        """Titles of columns."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.state.columns):
            return None
        column = self.state.columns[section]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return column.title
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            side = Qt.AlignmentFlag.AlignRight if column.numbers else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The cell, the row, or the cell in words."""
        row = self.state.rows[index.row()]
        if role == ROW:
            return row
        cell = row.cells[index.column()] if index.column() < len(row.cells) else parts.Cell()
        if role == CELL:
            return cell
        if role in SPOKEN:
            return " ".join(x for x in (cell.words, cell.chip.words if cell.chip else "", cell.second) if x)
        return None
