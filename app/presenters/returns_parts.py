"""The parts of the returns screen, each made from what is known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.commands import Command
from app.domain.money import money_text
from app.domain.states import Condition, Disposition
from app.domain.words import say
from app.domain.work import ReturnedUnit, ReturnWork
from app.presenters.returns_model import ReturnsModel, undecided, unit_in_hand
from app.presenters.state import parts, returns
from app.presenters.state.parts import Family, Stage
from app.presenters.times import clock_words

GRADES = (
    (Command.GRADE_A, Condition.NEW, "a"),
    (Command.GRADE_B, Condition.OPENED, "b"),
    (Command.GRADE_C, Condition.DAMAGED, "c"),
    (Command.GRADE_D, Condition.BROKEN, "d"),
)
REASONS = (
    (Command.FAULTY, "faulty"),
    (Command.WRONG_ITEM, "wrong_item"),
    (Command.CHANGED_MIND, "unwanted"),
    (Command.BROKEN_IN_TRANSIT, "transit"),
)
PLACES = (
    (Command.RESTOCK, Disposition.RESTOCK),
    (Command.QUARANTINE, Disposition.QUARANTINE),
    (Command.REFURBISH, Disposition.REFURBISH),
    (Command.SCRAP, Disposition.SCRAP),
)
STEPS = ("grade", "reason", "where")
LETTERS = {condition: letter.upper() for _, condition, letter in GRADES}


def amount(work: ReturnWork, minor: int) -> str:
    """An amount in the order's currency, with a real minus."""
    return money_text(minor, work.head.currency).replace("-", "\u2212")


def sold_card(work: ReturnWork) -> returns.SoldCard:
    """What was sold; the line of the unit in hand is marked."""
    unit = unit_in_hand(work)
    lines = tuple(
        returns.Sold(
            line.item.picture,
            line.item.name,
            line.item.sku,
            str(line.back),
            say("returns_screen.sold.of", count=line.shipped),
            unit is not None and unit.line_id == line.line_id,
            line.back >= line.shipped,
        )
        for line in work.sold
    )
    decided = len(work.units) - undecided(work)
    right = say("returns_screen.sold.decided", decided=decided, count=len(work.units)) if work.units else ""
    head = parts.CardHead(say("returns_screen.sold", number=work.head.number), "list-dashes", right)
    note = " ".join(work.customer_note.split())
    return returns.SoldCard(
        head,
        lines,
        say("returns_screen.note") if note else "",
        say("returns_screen.quoted", words=note) if note else "",
    )


def hand(model: ReturnsModel, work: ReturnWork, zone: ZoneInfo) -> returns.Hand:
    """The unit in hand, with when and for how much it was sold."""
    unit = unit_in_hand(work)
    scanned = ""
    if model.scanned_at is not None:
        scanned = say("returns_screen.scanned", at=clock_words(model.scanned_at, zone, seconds=True))
    head = parts.CardHead(say("returns_screen.hand"), "barcode", scanned)
    if unit is None or unit.item is None:
        words = say("returns_screen.hand.all" if work.units else "returns_screen.hand.none")
        return returns.Hand(head, words=words)
    line = next((one for one in work.sold if one.line_id == unit.line_id), None)
    words = say("returns_screen.hand.foreign")
    if line is not None:
        words = say("returns_screen.hand.sold", price=amount(work, line.unit_price), currency=work.head.currency)
        if work.sold_at is not None:
            day = work.sold_at.astimezone(zone)
            words = say("returns_screen.hand.on", day=f"{day.day} {day:%b %Y}", words=words)
        if work.shipped_by:
            words = say("returns_screen.hand.by", words=words, number=work.shipped_by)
    return returns.Hand(head, unit.item.picture, unit.item.name, unit.item.sku, words)


def questions(work: ReturnWork) -> tuple[returns.Question, ...]:
    """The three decisions, the one to make now with keys."""
    unit = unit_in_hand(work)
    return (_grade(work, unit), _reason(work, unit), _where(work, unit))


def _stage(work: ReturnWork, name: str, decided: bool) -> Stage:
    if work.step == name:
        return Stage.NOW
    return Stage.DONE if decided else Stage.LATER


def _question(name: str, stage: Stage, choices: tuple[parts.Choice, ...]) -> returns.Question:
    words = "now" if stage is Stage.NOW else name
    return returns.Question(say(f"returns_screen.step.{name}"), say(f"returns_screen.ask.{words}"), stage, choices)


def _grade(work: ReturnWork, unit: ReturnedUnit | None) -> returns.Question:
    stage = _stage(work, "grade", unit is not None and unit.grade is not None)
    reason = "" if unit is not None else say("returns_screen.reason.no_unit")
    choices = tuple(
        parts.Choice(
            command.code,
            letter.upper(),
            say(f"returns_screen.grade.{letter}"),
            str(number) if stage is Stage.NOW else "",
            chosen=unit is not None and unit.grade is condition,
            reason=reason,
        )
        for number, (command, condition, letter) in enumerate(GRADES, start=1)
    )
    return _question("grade", stage, choices)


def _reason(work: ReturnWork, unit: ReturnedUnit | None) -> returns.Question:
    stage = _stage(work, "reason", unit is not None and bool(unit.reason))
    reason = "" if unit is not None else say("returns_screen.reason.no_unit")
    detail = {"transit": say("returns_screen.why.transit.detail")}
    choices = tuple(
        parts.Choice(
            command.code,
            say(f"returns_screen.why.{name}"),
            detail.get(name, ""),
            str(number) if stage is Stage.NOW else "",
            chosen=unit is not None and unit.reason == name,
            reason=reason,
        )
        for number, (command, name) in enumerate(REASONS, start=1)
    )
    return _question("reason", stage, choices)


def _where(work: ReturnWork, unit: ReturnedUnit | None) -> returns.Question:
    stage = _stage(work, "where", unit is not None and unit.disposition is not None)
    places = dict(work.places)
    choices = tuple(
        parts.Choice(
            command.code,
            say(f"returns_screen.to.{disposition.value}"),
            places.get(disposition.value, ""),
            str(number) if stage is Stage.NOW else "",
            chosen=unit is not None and unit.disposition is disposition,
            reason=where_reason(work, unit, disposition),
            detail_is_code=True,
        )
        for number, (command, disposition) in enumerate(PLACES, start=1)
    )
    return _question("where", stage, choices)


def where_reason(work: ReturnWork, unit: ReturnedUnit | None, disposition: Disposition) -> str:
    """Why a unit may not go there; nothing where it may."""
    if unit is None:
        return say("returns_screen.reason.no_unit")
    if unit.grade is None:
        return say("returns_screen.reason.grade_first")
    if not unit.reason:
        return say("returns_screen.reason.reason_first")
    if disposition is Disposition.RESTOCK:
        if unit.reason == "faulty":
            return say("returns_screen.reason.faulty")
        if unit.grade is not Condition.NEW:
            return say("returns_screen.reason.not_new")
        if disposition.value not in dict(work.places):
            return say("returns_screen.reason.no_shelf")
    return ""


def refund_card(work: ReturnWork) -> returns.RefundCard:
    """The refund as it stands now: nothing of it is paid before it is recorded."""
    lines = [_refund_line(work, unit) for unit in work.units]
    rest = work.proposed - sum(unit.refund for unit in work.units if unit.line_id is not None)
    if rest:
        words = "returns_screen.refund.post" if rest > 0 else "returns_screen.refund.limit"
        lines.append(returns.RefundLine(say(words), amount(work, rest)))
    foot = say(
        "returns_screen.refund.foot",
        captured=amount(work, work.captured),
        before=amount(work, work.refunded_before),
    )
    return returns.RefundCard(
        parts.CardHead(say("returns_screen.refund"), "credit-card"),
        tuple(lines),
        say("returns_screen.refund.sum"),
        amount(work, work.proposed),
        work.head.currency,
        tuple(_unit_chip(work, unit) for unit in work.units),
        foot,
    )


def _refund_line(work: ReturnWork, unit: ReturnedUnit) -> returns.RefundLine:
    name = unit.item.sku if unit.item is not None else ""
    if unit.line_id is None:
        what = say("returns_screen.unit.foreign")
    elif unit.disposition is None:
        return returns.RefundLine(
            f"{unit.number}. {name}, {say('returns_screen.unit.undecided')}", amount(work, 0), quiet=True
        )
    else:
        what = f"{say(f'returns_screen.why.{unit.reason}.short')}, {letter(unit)}"
    return returns.RefundLine(f"{unit.number}. {name}, {what}", amount(work, unit.refund))


def letter(unit: ReturnedUnit) -> str:
    """The grade's letter."""
    return LETTERS.get(unit.grade, "") if unit.grade is not None else ""


def _unit_chip(work: ReturnWork, unit: ReturnedUnit) -> returns.UnitChip:
    title = say("returns_screen.unit", number=unit.number)
    if unit.disposition is not None:
        where = say(f"returns_screen.to.{unit.disposition.value}.short")
        return returns.UnitChip(title, ", ".join(filter(None, (letter(unit), where))), Stage.DONE)
    if unit.unit_id != work.current:
        return returns.UnitChip(title, say("returns_screen.unit.to_do"), Stage.LATER)
    known = [letter(unit)] if unit.grade is not None else []
    known += [say(f"returns_screen.why.{unit.reason}.short")] if unit.reason else []
    return returns.UnitChip(title, ", ".join(known) or say("returns_screen.unit.now"), Stage.NOW)


def steps(work: ReturnWork) -> tuple[parts.BannerStep, ...]:
    """Grade, reason, where to."""
    at = STEPS.index(work.step) if work.step in STEPS else (3 if work.step == "done" else -1)
    return tuple(
        parts.BannerStep(
            say(f"returns_screen.step.{name}"),
            Stage.DONE if i < at else Stage.NOW if i == at else Stage.LATER,
        )
        for i, name in enumerate(STEPS)
    )


def progress(work: ReturnWork) -> parts.Progress:
    """Units decided of units that came, kept in view while something blocks."""
    count = len(work.units)
    return parts.Progress(count - undecided(work), count, say("returns_screen.progress", count=count))


def place_words(work: ReturnWork) -> str:
    """`RMA-0388, order #0987, Tobias Fenwright`."""
    return say("returns_screen.place", code=work.code, number=work.head.number, recipient=work.head.ship_to_short)


def received_words(at: datetime, zone: ZoneInfo) -> str:
    """The day a return was asked for."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b}"


STATE_CHIPS = {
    "requested": (Family.TODO, "question"),
    "authorized": (Family.TODO, "circle-dashed"),
    "in_transit": (Family.TODO, "hourglass"),
    "received": (Family.WARN, "circle-half"),
    "inspected": (Family.OK, "check-circle"),
}
