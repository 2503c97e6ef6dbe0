"""The places of the station: which there are, and who may go where."""

from __future__ import annotations

from functools import cache

from app.domain.commands import Command
from app.domain.outcomes import Place
from app.domain.roles import Permission, may
from app.domain.states import Role
from app.domain.words import say
from app.presenters.state import shell

_PLACES = (
    (Place.ORDERS, "list-dashes", "F2", Command.GO_ORDERS),
    (Place.PICK, "shopping-cart", "F3", Command.GO_PICK),
    (Place.PACK, "package", "F4", Command.GO_PACK),
    (Place.RETURNS, "arrow-u-up-left", "F5", Command.GO_RETURNS),
    (Place.STOCK, "stack", "F6", Command.GO_STOCK),
    (Place.FLOOR, "chart-bar", "F7", Command.GO_FLOOR),
    (Place.DEVICES, "printer", "F8", Command.GO_DEVICES),
    (Place.OFFICE, "briefcase", "F9", Command.GO_OFFICE),
)
_HELP = (Place.HELP, "question", "F1", Command.GO_HELP)
_NEEDS = {
    Place.PICK: Permission.PICK,
    Place.PACK: Permission.PACK,
    Place.RETURNS: Permission.RETURN,
    Place.FLOOR: Permission.SEE_FLOOR,
}


@cache
def rail(active: Place, role: Role | None) -> shell.Rail:
    """The rail with every place; one that may not be entered stays, with its reason. Asked for at each scan."""
    return shell.Rail(
        tuple(_place(place, icon, key, active, role) for place, icon, key, _ in _PLACES),
        _place(_HELP[0], _HELP[1], _HELP[2], active, role),
    )


def command_to(place: Place) -> Command | None:
    """The command that goes to a place."""
    return next((command for one, _, _, command in (*_PLACES, _HELP) if one is place), None)


def reason_against(place: Place, role: Role | None) -> str:
    """Why this role may not go there; empty when it may."""
    needed = _NEEDS.get(place)
    return say("place.not_allowed") if needed is not None and not may(role, needed) else ""


def _place(place: Place, icon: str, key: str, active: Place, role: Role | None) -> shell.Place:
    words = say(f"place.{place.value}")
    return shell.Place(place.value, words, icon, key, place is active, reason_against(place, role))
