"""What the sign-in screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import basics, control_parts


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device of the bench before the shift starts. `address` sets the detail in Mono."""

    icon: str
    name: str
    detail: str
    chip: basics.Chip
    address: bool = False


@dataclass(frozen=True, slots=True)
class KeyHint:
    """Another way in: a key and what it does; its code is pressed with the key."""

    key: str
    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One thing to do. With `fields` the number and PIN are typed; `wrong` says why the last try failed."""

    title: str
    detail: str
    station: str
    place: str
    hints: tuple[KeyHint, ...] = ()
    devices: tuple[DeviceLine, ...] = ()
    remarks: tuple[str, ...] = ()
    buttons: tuple[control_parts.Command, ...] = ()
    fields: tuple[control_parts.Field, ...] = ()
    wrong: str = ""
