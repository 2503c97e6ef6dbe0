"""What people wrote for the packer: beside the other notes, and large where it must be read first."""

from __future__ import annotations

from app.domain.words import say
from app.domain.work import PackWork, WorkNote
from app.presenters.state import pack, parts
from app.presenters.state.parts import Family
from app.presenters.state.words import plain

CODE = "pack.order_note"
NEW_LINE = "\u2028"
"""What begins a new line inside a paragraph that is painted."""


def notes(work: PackWork) -> list[parts.Note]:
    """One entry of the notes bar each."""
    return [parts.Note(plain(" ".join(one.words.split())), subject(one)) for one in work.head.notes]


def panel(work: PackWork) -> parts.ScanPanel:
    """Before the first scan the notes stand large where scans are answered."""
    words = NEW_LINE.join(plain(" ".join(one.words.split())) for one in work.head.notes)
    return parts.ScanPanel(subject(work.head.notes[0]), "note", advice=words)


def subject(one: WorkNote) -> str:
    """Whose note it is."""
    return say("notes.from_customer_page" if one.of_customer else "notes.from_office")


def body(work: PackWork, lines: parts.LineList, head: parts.CardHead, at: str) -> pack.Focus:
    """The notes that must be read, as large as they fit, beside the lines."""
    must = [one for one in work.head.notes if one.must_read] or list(work.head.notes)
    words = NEW_LINE.join(plain(row) for one in must for row in one.words.splitlines() if row.strip())
    title = subject(must[0]) if must else say("notes.from_office")
    return pack.Focus(parts.FacingCard(title, Family.WARN, "note", at, note=words), head, lines)
