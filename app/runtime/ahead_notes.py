"""What a station printed while the database was away: on its own disk before it is sent, until the database has it."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import EnvironmentFailure

SENDING, OUT, NOT_OUT, SETTLED = "sending", "out", "not_out", "settled"
ROTATE_BYTES = 256 * 1024


@dataclass(slots=True)
class Printed:
    """The label of one gesture, and what is known of its documents: True out, False not, None nobody knows; and which
    printer each went to, where that is known."""

    label_id: int
    gesture_id: str
    tracking: str
    documents: dict[str, bool | None] = field(default_factory=dict)
    printers: dict[str, str] = field(default_factory=dict)


class AheadNotes:
    """One append-only file of lines, with what is open in it at hand. `note` and `settle` wait for the disk.

    A file that grew long is begun anew once all in it is settled; the one before is kept for checks.
    """

    def __init__(self, path: Path | None, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        """What an earlier run left is read; None keeps nothing on a disk."""
        self._path, self._lock, self._rotate_bytes = path, threading.Lock(), rotate_bytes
        self._open: dict[int, Printed] = {}
        if path is not None:
            self._read(path)
            self._rotate_if_idle(path)

    def of_label(self, label_id: int) -> Printed | None:
        """What was printed of a label; None where nothing was, or it is settled."""
        return self._open.get(label_id)

    def of_gesture(self, gesture_id: str) -> Printed | None:
        """The label that was printed for a gesture, and is not settled."""
        if not self._open:
            return None
        return next((one for one in list(self._open.values()) if one.gesture_id == gesture_id), None)

    def will_print(self, printed: Printed, document: str) -> None:
        """Known from now on; on the disk only once it is noted, which comes before it is sent."""
        self._take(printed, document, SENDING)

    def note(self, printed: Printed, document: str, state: str, printer: str = "") -> None:
        """On the disk once it returns. Raises EnvironmentFailure when the disk does not take it."""
        with self._lock:
            self._write(
                {"label": printed.label_id, "gesture": printed.gesture_id, "tracking": printed.tracking,
                 "document": document, "state": state, "printer": printer}
            )  # fmt: skip
            self._take(printed, document, state, printer)

    def settle(self, label_id: int) -> None:
        """The database has all of it."""
        if label_id not in self._open:
            return
        with self._lock:
            self._write({"label": label_id, "state": SETTLED})
            self._open.pop(label_id, None)
            if self._path is not None:
                self._rotate_if_idle(self._path)

    def _take(self, printed: Printed, document: str, state: str, printer: str = "") -> None:
        known = self._open.setdefault(printed.label_id, printed)
        if printer:
            known.printers[document] = printer
        known.documents[document] = {OUT: True, NOT_OUT: False}.get(state)

    def _read(self, path: Path) -> None:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            raise EnvironmentFailure("journal.cannot_open", path=str(path), reason=error.strerror) from error
        for line in lines:
            with contextlib.suppress(ValueError, KeyError):  # the torn last line of a crash
                told = json.loads(line)
                if told["state"] == SETTLED:
                    self._open.pop(told["label"], None)
                else:
                    made = Printed(told["label"], told["gesture"], told["tracking"])
                    self._take(made, told["document"], told["state"], told.get("printer", ""))

    def _write(self, told: dict[str, object]) -> None:
        if self._path is None:
            return
        try:
            is_new = not self._path.exists()
            with self._path.open("a", encoding="utf-8") as file:
                file.write("\n" + json.dumps(told))  # the line before may be torn
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                _sync_folder(self._path.parent)
        except OSError as error:
            raise EnvironmentFailure("journal.cannot_write", path=str(self._path), reason=error.strerror) from error

    def _rotate_if_idle(self, path: Path) -> None:
        """Lays a long file aside when nothing in it is open. What is only known, and not noted yet, has no line in it.

        Where something else holds the file open (a virus scanner), it goes on, and a later settling tries again.
        """
        with contextlib.suppress(OSError):
            if not self._open and path.stat().st_size >= self._rotate_bytes:
                path.replace(path.with_name(path.name + ".1"))
                _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, where the system knows that (Windows does not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
