"""The command codes: what a scan of a printed or shown `PW-` code means, the same on every screen.

A code is at most twelve characters; those people scan most are at most eight, so that they fit the smallest
Data Matrix that a button has room for. Names and meanings for people stand in the translation catalogue under
`command.<member>.name` and `command.<member>.meaning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from types import MappingProxyType

PREFIX = "PW-"
LONGEST = 12


@unique
class Group(Enum):
    """The part of the command sheet a code is printed in."""

    ANSWER = "answer"
    GO = "go"
    NUMBER = "number"
    PACK = "pack"
    PICK = "pick"
    SHORT = "short"
    RETURNS = "returns"
    STOCK = "stock"
    OFFICE = "office"
    DEVICES = "devices"


@unique
class Command(Enum):
    """One thing that a scan can order. The value is the code that is printed."""

    # answers, understood wherever something waits for one
    OK = "PW-OK"
    BACK = "PW-BACK"
    UNDO = "PW-UNDO"
    NEXT = "PW-NEXT"
    PREVIOUS = "PW-PREV"
    FIRST = "PW-FIRST"
    LAST = "PW-LAST"
    OPEN = "PW-OPEN"
    RESUME = "PW-RESUM"
    TAKE_OVER = "PW-TAKE"
    SIGN_OUT = "PW-OUT"
    RETRY = "PW-RETRY"
    MORE = "PW-MORE"
    # places of the rail
    GO_HOME = "PW-HOME"
    GO_ORDERS = "PW-ORDER"
    GO_PICK = "PW-PICK"
    GO_PACK = "PW-PACK"
    GO_RETURNS = "PW-RTN"
    GO_STOCK = "PW-STOCK"
    GO_FLOOR = "PW-FLOOR"
    GO_DEVICES = "PW-DEV"
    GO_OFFICE = "PW-OFFIC"
    GO_HELP = "PW-HELP"
    # numbers: a choice on the screen, or a digit after PW-QTY and PW-WEIGH
    QUANTITY = "PW-QTY"
    NUMBER_0 = "PW-0"
    NUMBER_1 = "PW-1"
    NUMBER_2 = "PW-2"
    NUMBER_3 = "PW-3"
    NUMBER_4 = "PW-4"
    NUMBER_5 = "PW-5"
    NUMBER_6 = "PW-6"
    NUMBER_7 = "PW-7"
    NUMBER_8 = "PW-8"
    NUMBER_9 = "PW-9"
    # packing
    CLOSE = "PW-CLOSE"
    NEW_PARCEL = "PW-PARCEL"
    MISSING = "PW-MISSING"
    ASIDE = "PW-ASIDE"
    WEIGH = "PW-WEIGH"
    ZERO_SCALE = "PW-ZERO"
    TARE_SCALE = "PW-TARE"
    CARTON = "PW-CTN"
    REPRINT = "PW-REPRINT"
    REDO = "PW-REDO"
    ANOTHER_SHIPMENT = "PW-SHIP2"
    VOID = "PW-VOID"
    SLIP = "PW-SLIP"
    PRINT_AT = "PW-PRINT-AT"
    HOLD_SHELF = "PW-HOLD"
    TRUCK = "PW-TRUCK"
    # picking
    START_WALK = "PW-START"
    TOO_FEW = "PW-SHORT"
    SKIP = "PW-SKIP"
    END_WALK = "PW-END"
    MAP = "PW-MAP"
    PICK_SHEET = "PW-SHEET"
    # why too few, and what then
    FOUND = "PW-FOUND"
    EMPTY = "PW-EMPTY"
    DAMAGED = "PW-DAMAGED"
    OTHER_GOODS = "PW-OTHER"
    OUT_OF_REACH = "PW-REACH"
    ELSEWHERE = "PW-ELSE"
    LATER = "PW-LATER"
    # returns: grade, reason, where to
    GRADE_A = "PW-GR-A"
    GRADE_B = "PW-GR-B"
    GRADE_C = "PW-GR-C"
    GRADE_D = "PW-GR-D"
    FAULTY = "PW-FAULT"
    WRONG_ITEM = "PW-WRONG"
    CHANGED_MIND = "PW-MIND"
    BROKEN_IN_TRANSIT = "PW-TRANS"
    RESTOCK = "PW-RESTOCK"
    QUARANTINE = "PW-QUAR"
    REFURBISH = "PW-FIX"
    SCRAP = "PW-SCRAP"
    TO_VENDOR = "PW-VENDOR"
    RETURN_LABEL = "PW-RTLABEL"
    PHOTO = "PW-PHOTO"
    NOT_OURS = "PW-FOREIGN"
    REFUND = "PW-REFUND"
    # stock
    MOVE = "PW-MOVE"
    COUNT = "PW-COUNT"
    SHELF_LABEL = "PW-SHELFLBL"
    RECEIVE = "PW-RECV"
    ADJUST = "PW-ADJ"
    # the lead's desk and the office
    STOP_ORDER = "PW-STOP"
    LIFT_HOLD = "PW-LIFT"
    PRIORITY = "PW-PRIO"
    RELEASE = "PW-REL"
    CANCEL_ORDER = "PW-CANCEL"
    # devices
    DOCTOR = "PW-DOCTOR"
    TEST_PRINT = "PW-TEST"
    PRINT_SHEET = "PW-CARDS"
    PRINT_OK_CARD = "PW-OKCARD"

    @property
    def code(self) -> str:
        """What is printed and scanned."""
        return self.value

    @property
    def group(self) -> Group:
        """The part of the command sheet it belongs to."""
        return _GROUPS[self]

    @property
    def number(self) -> int | None:
        """The digit of PW-0 to PW-9; None for every other command."""
        return int(self.value[-1]) if self.name.startswith("NUMBER_") else None

    @property
    def name_key(self) -> str:
        """Key of the short name in the translation catalogue."""
        return f"command.{self.name.lower()}.name"

    @property
    def meaning_key(self) -> str:
        """Key of the sentence that says what it does."""
        return f"command.{self.name.lower()}.meaning"


# Where each group begins: members follow in order, so that a new one needs no second list.
_STARTS: Mapping[Command, Group] = {
    Command.OK: Group.ANSWER,
    Command.GO_HOME: Group.GO,
    Command.QUANTITY: Group.NUMBER,
    Command.CLOSE: Group.PACK,
    Command.START_WALK: Group.PICK,
    Command.FOUND: Group.SHORT,
    Command.GRADE_A: Group.RETURNS,
    Command.MOVE: Group.STOCK,
    Command.STOP_ORDER: Group.OFFICE,
    Command.DOCTOR: Group.DEVICES,
}


def _groups() -> dict[Command, Group]:
    groups: dict[Command, Group] = {}
    group = Group.ANSWER
    for command in Command:
        group = _STARTS.get(command, group)
        groups[command] = group
    return groups


_GROUPS: Mapping[Command, Group] = MappingProxyType(_groups())

# Codes of Odoo, which many floors have on their walls: of version 11 to 17, and the shorter ones since 18.
ALIASES: Mapping[str, Command] = MappingProxyType(
    {
        "O-CMD.MAIN-MENU": Command.GO_HOME,
        "O-CMD.DISCARD": Command.BACK,
        "O-CMD.PREV": Command.PREVIOUS,
        "O-CMD.NEXT": Command.NEXT,
        "O-CMD.PAGER-FIRST": Command.FIRST,
        "O-CMD.PAGER-LAST": Command.LAST,
        "O-BTN.validate": Command.OK,
        "O-BTN.cancel": Command.ASIDE,
        "O-BTN.pack": Command.NEW_PARCEL,
        "O-BTN.scrap": Command.SCRAP,
        "O-BTN.print-op": Command.PICK_SHEET,
        "O-BTN.print-slip": Command.SLIP,
        "OCDMENU": Command.GO_HOME,
        "OCDDISC": Command.BACK,
        "OCDPREV": Command.PREVIOUS,
        "OCDNEXT": Command.NEXT,
        "OCDPAGERFIRST": Command.FIRST,
        "OCDPAGERLAST": Command.LAST,
        "OBTVALI": Command.OK,
        "OCDCANC": Command.ASIDE,
        "OBTPACK": Command.NEW_PARCEL,
        "OBTSCRA": Command.SCRAP,
        "OBTPROP": Command.PICK_SHEET,
        "OBTPRSL": Command.SLIP,
        "OBTRETU": Command.GO_RETURNS,
    }
)

_BY_CODE: Mapping[str, Command] = MappingProxyType(
    {command.value: command for command in Command} | {alias.upper(): command for alias, command in ALIASES.items()}
)


def command_of(code: str) -> Command | None:
    """The command that a scanned text is, in any case and with blanks around it; None when it is none."""
    return _BY_CODE.get(code) or _BY_CODE.get(code.strip().upper())


def looks_like_command(code: str) -> bool:
    """Whether the text has our prefix: an unknown one is then refused as a command, and never looked up as goods."""
    return code.strip().upper().startswith(PREFIX)


def commands_in(group: Group) -> tuple[Command, ...]:
    """The commands of one part of the sheet, in the order they are printed."""
    return tuple(command for command in Command if _GROUPS[command] is group)
