"""What the Help screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts


@dataclass(frozen=True, slots=True)
class Help:
    """The commands of the station by groups, with what each means and its code."""

    banner: parts.Banner
    tabs: tuple[parts.Tab, ...]
    head: parts.CardHead
    table: parts.Table
    commands: parts.CommandBar
