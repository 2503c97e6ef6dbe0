"""For whom a note on an order or a customer is."""

from __future__ import annotations

from enum import StrEnum


class NoteKind(StrEnum):
    """Who reads a note. Its words stand under `notes.kind.<value>`."""

    PACKER = "packer"
    OFFICE = "office"
    CHANNEL = "channel"  # what the channel told before it told something else
