"""Who may do what: permissions by role, here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique

from app.domain.states import HoldKind, Role


@unique
class Permission(Enum):
    """One thing that not everybody may do. The value is the end of its sentence's key, `permission.<value>`."""

    PICK = "pick"
    PACK = "pack"
    RETURN = "return"
    RECEIVE = "receive"
    MOVE_STOCK = "move_stock"
    ADJUST_STOCK = "adjust_stock"
    TRANSFER = "transfer"
    REPRINT = "reprint"
    HOLD = "hold"
    RELEASE_HOLD = "release_hold"
    RELEASE_PAYMENT_HOLD = "release_payment_hold"
    PRIORITY = "priority"
    RELEASE_WORK = "release_work"
    TAKE_OVER = "take_over"
    SETTLE_EXCEPTION = "settle_exception"
    SEE_FLOOR = "see_floor"
    MEND_ORDER = "mend_order"
    CANCEL_ORDER = "cancel_order"
    ENTER_ORDER = "enter_order"
    IMPORT = "import"
    DECIDE_REFUND = "decide_refund"
    MANAGE_PRODUCTS = "manage_products"
    MANAGE_PLACES = "manage_places"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_STATION = "manage_station"


_BENCH = frozenset({Permission.PICK, Permission.PACK, Permission.MOVE_STOCK, Permission.REPRINT, Permission.RECEIVE})
_RETURNS = _BENCH | {Permission.RETURN}
_LEAD = _RETURNS | {
    Permission.ADJUST_STOCK,
    Permission.TRANSFER,
    Permission.HOLD,
    Permission.RELEASE_HOLD,
    Permission.PRIORITY,
    Permission.RELEASE_WORK,
    Permission.TAKE_OVER,
    Permission.SETTLE_EXCEPTION,
    Permission.SEE_FLOOR,
    Permission.MEND_ORDER,
    Permission.CANCEL_ORDER,
    Permission.ENTER_ORDER,
    Permission.IMPORT,
    Permission.DECIDE_REFUND,
    Permission.MANAGE_STATION,
}
_OFFICE = frozenset(
    {
        Permission.HOLD,
        Permission.RELEASE_HOLD,
        Permission.RELEASE_PAYMENT_HOLD,
        Permission.PRIORITY,
        Permission.RELEASE_WORK,
        Permission.MEND_ORDER,
        Permission.CANCEL_ORDER,
        Permission.ENTER_ORDER,
        Permission.IMPORT,
        Permission.DECIDE_REFUND,
        Permission.RETURN,
        Permission.RECEIVE,
        Permission.ADJUST_STOCK,
        Permission.TRANSFER,
        Permission.MANAGE_PRODUCTS,
        Permission.REPRINT,
        Permission.SEE_FLOOR,
    }
)
_PERMITTED: Mapping[Role, frozenset[Permission]] = {
    Role.PACKER: _BENCH,
    Role.PICKER: _BENCH,
    Role.RETURNS: _RETURNS,
    Role.LEAD: _LEAD,
    Role.OFFICE: _OFFICE,
    Role.ADMIN: frozenset(Permission),
}


def may(role: Role | None, permission: Permission) -> bool:
    """Whether somebody in this role may do this; nobody who is not signed in may do anything."""
    return role is not None and permission in _PERMITTED[role]


def to_release(kind: HoldKind) -> Permission:
    """What it takes to release a hold: one about money or fraud is not for the floor to decide."""
    if kind in (HoldKind.PAYMENT, HoldKind.FRAUD):
        return Permission.RELEASE_PAYMENT_HOLD
    return Permission.RELEASE_HOLD
