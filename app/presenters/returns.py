"""The returns screen as it is drawn, from what is known: one function for each of its states."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.commands import Command
from app.domain.outcomes import Outcome
from app.domain.states import Disposition
from app.domain.words import catalogue, say
from app.domain.work import ReturnWork
from app.presenters import returns_parts as made
from app.presenters import take_over
from app.presenters.returns_model import ReturnsModel, undecided, unit_in_hand, wrong_item
from app.presenters.state import parts, returns
from app.presenters.state.parts import Family, Kind
from app.presenters.state.words import key
from app.presenters.times import clock_words


def returns_state(model: ReturnsModel, now: datetime, zone: ZoneInfo) -> returns.Returns:
    """The whole screen."""
    if model.block is not None:
        return _blocked(model, model.block, now, zone)
    if model.work is None:
        return _idle(model, zone)
    if model.finished is not None:
        return _finished(model.work, model.finished)
    if model.asked is not None:
        return _asking(model, model.work)
    return _inspect(model, model.work, zone)


def _said(outcome: Outcome, steps: tuple[parts.BannerStep, ...] = ()) -> parts.Banner:
    """A refusal that does not block, or a piece of news: it stays until the next scan says something else."""
    family = Family.WRONG if outcome.sound.value == "wrong" else Family.WARN if outcome.refused else Family.ACCENT
    detail = f"returns_screen.do.{outcome.code.rpartition('.')[2]}"
    return parts.Banner(
        say(outcome.code, **outcome.values),
        say(detail, **outcome.values) if detail in catalogue() else "",
        family,
        "prohibit" if outcome.refused else "check-circle",
        steps=steps,
    )


def _command(
    code: Command,
    words: str,
    key: str,
    *,
    reason: str = "",
    kind: Kind = Kind.PLAIN,
    right: bool = False,
    hint: str = "",
) -> parts.Command:
    return parts.Command(code.code, say(f"returns_screen.command.{words}"), key, hint, kind, reason, right=right)


# -- nothing open ---------------------------------------------------------------------------------------------------


def _idle(model: ReturnsModel, zone: ZoneInfo) -> returns.Returns:
    banner = parts.Banner(say("returns_screen.idle"), say("returns_screen.idle.detail"), icon="arrow-u-up-left")
    if model.said is not None:
        banner = _said(model.said)
    elif model.asked is not None:
        banner = parts.Banner(say("station.which.order"), say("station.which.how"), icon="question")
    columns = (
        parts.Column(say("returns_screen.list.code"), 130),
        parts.Column(say("returns_screen.list.order"), 120),
        parts.Column(say("returns_screen.list.recipient")),
        parts.Column(say("returns_screen.list.units"), 80, numbers=True, wide=True),
        parts.Column(say("returns_screen.list.asked"), 90, wide=True),
        parts.Column("", 190),
    )
    rows = []
    for one in model.waiting:
        family, icon = made.STATE_CHIPS[one.state.value]
        words = say(f"returns_screen.state.{one.state.value}", count=one.undecided)
        cells = (
            parts.Cell(one.code, code=True, strong=True),
            parts.Cell(one.order_number, code=True),
            parts.Cell(one.recipient, one.town, strong=True),
            parts.Cell(str(one.units)),
            parts.Cell(made.received_words(one.created_at, zone)),
            parts.Cell(chip=parts.Chip(words, family, icon)),
        )
        rows.append(parts.TableRow(one.code, cells))
    chosen = model.chosen if any(row.key == model.chosen for row in rows) else rows[0].key if rows else ""
    table = parts.Table("returns", columns, tuple(rows), chosen, empty=say("returns_screen.list.none"))
    right = say("returns_screen.list.count", count=len(rows)) if rows else ""
    body = returns.Idle(_panel(model), parts.CardHead(say("returns_screen.list"), "arrow-u-up-left", right), table)
    commands = take_over.commands(model.said, "")
    if model.said is not None and model.said.code == "returns.held":
        hint = say("returns_screen.command.lead")
        commands = (_command(Command.TAKE_OVER, "take_over", "T", hint=hint),)
    return returns.Returns(banner, body, parts.CommandBar(commands))


def _panel(model: ReturnsModel) -> parts.ScanPanel:
    if model.asked is not None:
        choices = tuple(parts.Choice(f"PW-{one.key}", one.title, one.detail, one.key) for one in model.asked.choices)
        advice = say("station.which.advice", code=model.asked.values.get("code", ""))
        return parts.ScanPanel(say("station.which"), "question", Family.ACCENT, advice=advice, choices=choices)
    if model.storing:
        return parts.ScanPanel(say("returns_screen.storing"), "hourglass", Family.ACCENT)
    return parts.ScanPanel(say("returns_screen.nothing"), advice=say("returns_screen.idle.advice"))


# -- a return is open -----------------------------------------------------------------------------------------------


def _inspect(model: ReturnsModel, work: ReturnWork, zone: ZoneInfo) -> returns.Returns:
    body = returns.Inspect(
        made.sold_card(work), made.hand(model, work, zone), made.questions(work), made.refund_card(work)
    )
    banner = _said(model.said, made.steps(work)) if model.said is not None else _banner(work)
    return returns.Returns(banner, body, _commands(work))


def _banner(work: ReturnWork) -> parts.Banner:
    unit = unit_in_hand(work)
    values = {"number": unit.number if unit is not None else 0, "count": len(work.units)}
    return parts.Banner(
        say(f"returns_screen.order.{work.step}", **values),
        made.place_words(work),
        icon="arrow-u-up-left" if work.units else "barcode",
        steps=made.steps(work),
    )


def _commands(work: ReturnWork) -> parts.CommandBar:
    unit = unit_in_hand(work)
    first = say("returns_screen.reason.first_step") if work.step not in ("reason", "where") else ""
    foreign = "" if unit is not None and unit.line_id is not None else say("returns_screen.reason.no_unit")
    left = undecided(work)
    reason = say("returns_screen.reason.no_units") if not work.units else ""
    if left:
        reason = say("returns_screen.reason.left_one" if left == 1 else "returns_screen.reason.left", count=left)
    amount = made.amount(work, work.proposed)
    words = say("returns_screen.command.propose", amount=amount, currency=work.head.currency)
    if not work.units:
        words = say("returns_screen.command.propose_none")
    elif not work.proposed and not left:
        words = say("returns_screen.command.close")
    propose = parts.Command(Command.REFUND.code, words, "R", "", Kind.COMPLETE, reason, right=True)
    third = _command(Command.TO_VENDOR, "vendor", "V", reason=made.where_reason(work, unit, Disposition.VENDOR))
    if not work.units:  # the goods are still with the customer, who needs a label; a unit in the hand needs a way
        third = _command(
            Command.RETURN_LABEL, "return_label", "P", hint=say("returns_screen.command.return_label.hint")
        )
    return parts.CommandBar(
        (
            _command(Command.BACK, "back", "Esc", reason=first),
            _command(Command.NOT_OURS, "foreign", "X", reason=foreign),
            third,
            propose,
            _command(Command.ASIDE, "aside", "A", hint=say("returns_screen.command.aside.hint")),
        )
    )


def _asking(model: ReturnsModel, work: ReturnWork) -> returns.Returns:
    banner = parts.Banner(say("station.which.order"), say("station.which.how"), icon="question", steps=made.steps(work))
    commands = parts.CommandBar((_command(Command.BACK, "drop_choice", "Esc"),))
    return returns.Returns(banner, returns.Asking(_panel(model), made.sold_card(work)), commands)


# -- blocked --------------------------------------------------------------------------------------------------------


def _blocked(model: ReturnsModel, block: Outcome, now: datetime, zone: ZoneInfo) -> returns.Returns:
    name = block.code.rpartition(".")[2]
    family, icon = (Family.OVER, "stack") if block.code == "returns.too_many" else (Family.WRONG, "x-circle")
    sentence = say(block.code, **block.values)
    order, act = f"returns_screen.blocked.{name}", f"returns_screen.act.{name}"
    known = catalogue()
    banner = parts.Banner(
        say(order, **block.values) if order in known else sentence,
        sentence if order in known else say("returns_screen.blocked.nothing"),
        family,
        icon,
        blocking=True,
        progress=made.progress(model.work) if model.work is not None and model.work.units else None,
    )
    refused = say("pack.ack.refused", count=model.refused_since) if model.refused_since else ""
    ack = parts.AckBar(
        say(act, **block.values) if act in known else say("returns_screen.act"),
        say("pack.ack.how", enter=key("Enter")),
        " ".join(part for part in (say("pack.ack.locked"), refused) if part),
    )
    at = clock_words(now, zone, seconds=True)
    body = returns.Compare(_in_hand(block, family, icon, at), _sold_facing(model.work))
    return returns.Returns(banner, body, ack=ack)


def _in_hand(block: Outcome, family: Family, icon: str, at: str) -> parts.FacingCard:
    item = wrong_item(block)
    if item is None or item.item is None:
        scanned = str(block.values.get("scan", ""))
        why = (say(block.code, **block.values),)
        return parts.FacingCard(say("returns_screen.card.scanned"), family, icon, at, sku=scanned[:24], why=why)
    product = item.item
    if block.code == "returns.too_many":
        return parts.FacingCard(
            say("returns_screen.card.too_many"),
            family,
            icon,
            at,
            product.picture,
            product.name,
            product.sku,
            count=str(item.required),
            of=say("returns_screen.card.of_shipped", count=item.required),
            have=item.required,
            need=item.required,
            extra=1,
        )
    why = (say(block.code, **block.values),)
    return parts.FacingCard(
        say("returns_screen.card.in_hand"), family, icon, at, product.picture, product.name, product.sku, (), why
    )


def _sold_facing(work: ReturnWork | None) -> parts.FacingCard:
    if work is None:
        then = (say("returns_screen.idle"),)
        return parts.FacingCard(say("returns_screen.card.then"), Family.ACCENT, "arrow-right", why=then)
    rows = tuple(
        parts.LineRow(
            str(line.line_id),
            line.item.name,
            line.item.sku,
            "",
            str(line.back),
            say("returns_screen.card.of", count=line.shipped),
            Family.OK if line.back >= line.shipped else Family.TODO,
            "check-circle" if line.back >= line.shipped else "circle-dashed",
            line.item.picture,
        )
        for line in work.sold[:6]
    )
    title = say("returns_screen.sold", number=work.head.number)
    return parts.FacingCard(title, Family.ACCENT, "list-dashes", rows=rows)


# -- the end --------------------------------------------------------------------------------------------------------


def _finished(work: ReturnWork, ended: Outcome) -> returns.Returns:
    banner = parts.Banner(
        say(f"returns_screen.done.{ended.code.rpartition('.')[2]}"),
        say(ended.code, **ended.values),
        Family.COMPLETE,
        "seal-check",
        tall=True,
        progress=made.progress(work),
    )
    columns = (
        parts.Column("", 52, numbers=True),
        parts.Column(say("returns_screen.units.item")),
        parts.Column(say("returns_screen.units.why"), 170, wide=True),
        parts.Column(say("returns_screen.units.where"), 150),
        parts.Column(say("returns_screen.units.amount"), 96, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(unit.unit_id),
            (
                parts.Cell(str(unit.number), strong=True),
                parts.Cell(
                    unit.item.name if unit.item else "",
                    unit.item.sku if unit.item else "",
                    picture=unit.item.picture if unit.item else "",
                    strong=True,
                ),
                parts.Cell(_why(unit.reason), made.letter(unit)),
                parts.Cell(say(f"returns_screen.to.{unit.disposition.value}") if unit.disposition else "", unit.place),
                parts.Cell(made.amount(work, unit.refund)),
            ),
        )
        for unit in work.units
    )
    table = parts.Table("units", columns, rows)
    right = made.place_words(work)
    head = parts.CardHead(say("returns_screen.units"), "package", right)
    done = _command(Command.GO_RETURNS, "next", "N", kind=Kind.COMPLETE, right=True)
    return returns.Returns(banner, returns.Finished(head, table, made.refund_card(work)), parts.CommandBar((done,)))


def _why(reason: str) -> str:
    return say(f"returns_screen.why.{reason}.short").capitalize() if reason else say("returns_screen.unit.foreign")
