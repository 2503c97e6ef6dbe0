"""The parts of the pack screen, each made from what is known."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.cartons import CartonFit, FitReason
from app.domain.scale_words import ScaleTrouble
from app.domain.weights import ExpectedWeight, WeightReading, WeightState, judge_weight
from app.domain.words import say, say_count
from app.domain.work import ItemRef, OrderHead, PackLine, PackWork
from app.presenters import pack_note, pack_shelf
from app.presenters.again import again
from app.presenters.buttons import Commands
from app.presenters.pack_model import PackModel
from app.presenters.state import parts
from app.presenters.state.parts import Family, Stage
from app.presenters.times import clock_words, grams_words, left_words, urgency

ICONS = {
    Family.OK: "check-circle",
    Family.WARN: "circle-half",
    Family.TODO: "circle-dashed",
    Family.WRONG: "x-circle",
    Family.OVER: "stack",
}
LINES_SHOWN = 200
command = Commands()


def header(work: PackWork, now: datetime, zone: ZoneInfo) -> parts.OrderHeader:
    """Number, tote, recipient, service, and how much time is left."""
    leaves = work.head.leaves_at
    return _header(work.head, zone, left_words(leaves, now), urgency(leaves, now))


@lru_cache(8)
def _header(head: OrderHead, zone: ZoneInfo, left: str, late: Family | None) -> parts.OrderHeader:
    """The same at each scan of an order, but for the minute."""
    facts = []
    if head.totes:
        facts.append(parts.Fact(say("pack.header.tote"), ", ".join(head.totes[:2]), code=True))
    facts.append(parts.Fact(say("pack.header.ship_to"), head.ship_to_short, wide=True))
    if head.service:
        facts.append(parts.Fact(say("pack.header.service"), head.service))
    right = parts.Fact(
        say("pack.header.leaves", at=clock_words(head.leaves_at, zone)),
        left,
        family=late,
        icon="warning-octagon" if late is Family.WRONG else "clock" if late else "",
    )
    return parts.OrderHeader(head.number, tuple(facts), right)


def notes(work: PackWork) -> tuple[parts.Note, ...]:
    """What people wrote, that it is a gift, the customer's note, then those of products."""
    found = pack_note.notes(work)
    if work.head.gift:
        found.append(parts.Note(say("pack.note.gift"), say("pack.note.gift_subject"), "gift"))
    if work.head.note and not (work.head.gift and work.head.note.strip() == say("pack.note.gift")):
        found.append(parts.Note(" ".join(work.head.note.split())))
    found += [parts.Note(line.item.note, line.item.sku) for line in work.lines if line.item.note]
    return tuple(found[: max(3, len(work.head.notes))])


@lru_cache(1000)
def line_row(line: PackLine, family: Family | None = None) -> parts.LineRow:
    """One line with its state in colour, icon and words; a scan changes one of them, and the others are kept."""
    kind = family or (Family.OK if line.remaining <= 0 else Family.WARN if line.packed else Family.TODO)
    return parts.LineRow(
        f"{line.line_id}:{line.item.product_id}",
        line.item.name,
        line.item.sku,
        str(line.required),
        str(line.packed),
        str(line.remaining) if line.remaining > 0 else say("pack.line.done"),
        kind,
        ICONS[kind],
        line.item.picture,
        done=line.remaining <= 0,
        filled=kind not in (Family.OK, Family.TODO),
    )


def line_list(model: PackModel, *, marked: Family | None = None) -> parts.LineList:
    """The line just scanned, then partial, to do and done ones; done ones fold when there are many."""
    work = model.work
    recent: list[PackLine] = []
    partial: list[PackLine] = []
    waiting: list[PackLine] = []
    done: list[PackLine] = []
    for line in work.lines if work is not None else ():
        if line.line_id == model.recent_line:
            recent.append(line)
        elif line.packed >= line.required:
            done.append(line)
        else:
            (partial if line.packed else waiting).append(line)
    ordered, fold = [*recent, *partial, *waiting], ""
    if len(ordered) + len(done) > 7 and len(done) > 1:
        fold = say("pack.lines.folded", count=len(done))
    else:
        ordered += done
    first = [line_row(line, marked) for line in recent] if marked else [line_row(line) for line in recent]
    rows = (*first, *[line_row(line) for line in ordered[len(recent) : LINES_SHOWN]])
    if len(ordered) > LINES_SHOWN:
        fold = say("pack.lines.more", count=len(ordered) - LINES_SHOWN)
    headings = (
        say("pack.head.product"),
        say("pack.head.required"),
        say("pack.head.packed"),
        say("pack.head.remaining"),
    )
    return parts.LineList(rows, headings, fold)


def lines_head(work: PackWork) -> parts.CardHead:
    """How many units of the order are packed."""
    return _lines_head(work.packed, work.required)


@lru_cache(256)
def _lines_head(packed: int, required: int) -> parts.CardHead:
    words = say("pack.lines.units", packed=packed, required=required)
    return parts.CardHead(say("pack.lines.title"), "list-dashes", words)


def progress(work: PackWork) -> parts.Progress:
    """Units packed of units required."""
    return _progress(work.packed, work.required)


@lru_cache(256)
def _progress(packed: int, required: int) -> parts.Progress:
    return parts.Progress(packed, required, say("pack.progress", required=required))


def scan_panel(model: PackModel, zone: ZoneInfo) -> parts.ScanPanel:
    """What was scanned last, as it was stored."""
    elsewhere = pack_shelf.asking(model)
    if elsewhere is not None:
        return elsewhere
    if model.asked is not None:
        choices = tuple(
            parts.Choice(f"PW-{choice.key}", choice.title, choice.detail, choice.key) for choice in model.asked.choices
        )
        advice = say("station.which.advice", code=model.asked.values.get("code", ""))
        return parts.ScanPanel(say("station.which"), "question", Family.ACCENT, advice=advice, choices=choices)
    counted = model.counted
    if counted is None:
        if model.work is not None and model.work.head.notes and not model.storing:
            return pack_note.panel(model.work)
        words = say("pack.panel.storing") if model.storing else say("pack.panel.nothing")
        return parts.ScanPanel(
            words, "hourglass" if model.storing else "barcode", Family.ACCENT if model.storing else None
        )
    family, icon, words = Family.OK, "check-circle", say("pack.panel.right")
    if counted.last:
        family, icon, words = Family.COMPLETE, "circle-wavy-check", say("pack.panel.last")
    if model.storing:
        family, icon, words = Family.ACCENT, "hourglass", say("pack.panel.storing")
    return parts.ScanPanel(
        words,
        icon,
        family,
        clock_words(counted.at, zone, seconds=True),
        counted.item.picture,
        counted.item.name,
        counted.item.sku,
        str(counted.packed),
        say("pack.panel.of", required=counted.required),
        counted.packed,
        counted.required,
    )


def cartons(model: PackModel) -> parts.CartonChoice:
    """The cartons with their keys: the best fit first and chosen, at most as many as there are keys."""
    work = model.work
    if work is None:
        return parts.CartonChoice(say("pack.parcel.title", number=1), "")
    number = len([parcel for parcel in work.parcels if parcel.package_id != work.open_package_id]) + 1
    units = work.packed - sum(p.units for p in work.parcels if p.package_id != work.open_package_id)
    return parts.CartonChoice(
        say("pack.parcel.title", number=number),
        say_count("pack.parcel.units", max(units, 0)),
        _options(work.cartons, work.carton_code),
    )


@again
def _options(cartons: tuple[CartonFit, ...], chosen: str) -> tuple[parts.CartonOption, ...]:
    """The same at each scan of an order, until another carton is chosen."""
    best = next((fit for fit in cartons if fit.reason is FitReason.BEST), None)
    ordered = sorted(cartons, key=lambda fit: (fit is not best, not fit.fits, fit.number))
    return tuple(
        parts.CartonOption(
            str(fit.number),
            say("pack.carton.name", code=fit.carton.code),
            f"{fit.carton.length}×{fit.carton.width}×{fit.carton.height}",
            _carton_note(fit.reason, fit.fill_percent),
            best=fit is best,
            chosen=fit.carton.code == chosen,
            fits=fit.fits,
        )
        for fit in ordered[:9]
    )


def _carton_note(reason: FitReason, fill: int | None) -> str:
    if reason is FitReason.FITS and fill is not None:
        return say("pack.carton.fill", percent=fill)
    return say(reason.key)


_WEIGHT_CHIP = {
    WeightState.NO_SCALE: (Family.TODO, ""),
    WeightState.SETTLING: (Family.TODO, "hourglass"),
    WeightState.TOO_OLD: (Family.WARN, "warning"),
    WeightState.BELOW_ZERO: (Family.WARN, "warning"),
    WeightState.UNKNOWN: (Family.TODO, "question"),
    WeightState.AGREES: (Family.OK, "check"),
    WeightState.DIFFERS: (Family.WARN, "warning"),
}


def weight(
    model: PackModel, reading: WeightReading | None, monotonic: float, trouble: ScaleTrouble | None = None
) -> parts.Weight:
    """The scale beside what the parcel should weigh; while packing it may only be less than the whole."""
    work = model.work
    expected = work.expected if work is not None else None
    unfinished = work is not None and work.packed < work.required
    typed = model.typed if model.mode == "weigh" else None
    return _weight(expected, unfinished, typed, reading, 0.0 if reading is None else monotonic, trouble)


@lru_cache(16)
def _weight(
    expected: ExpectedWeight | None,
    unfinished: bool,
    typed: str | None,
    reading: WeightReading | None,
    monotonic: float,
    trouble: ScaleTrouble | None,
) -> parts.Weight:
    """The same at each scan, where no scale stands."""
    verdict = judge_weight(expected or ExpectedWeight(0, 0, 1), reading, monotonic)
    state = WeightState.UNKNOWN if unfinished and verdict.state is WeightState.DIFFERS else verdict.state
    family, icon = _WEIGHT_CHIP[state]
    chip = parts.Chip(
        say("weight.not_yet") if unfinished and state is WeightState.UNKNOWN else say(state.key), family, icon
    )
    if trouble is not None and (reading is None or not reading.usable(monotonic)):
        chip = parts.Chip(say(trouble.short_key), Family.WARN, "warning")
    left, at, low, high = "", None, 1 / 3, 2 / 3
    if expected is not None and expected.known:
        left = say("pack.weight.expected", grams=grams_words(expected.grams), tolerance=expected.tolerance)
        span = max(expected.tolerance * 3, 1)
        low, high = (span - expected.tolerance) / (2 * span), (span + expected.tolerance) / (2 * span)
        if verdict.grams is not None:
            at = min(max((verdict.grams - expected.grams + span) / (2 * span), 0.0), 1.0)
    right = ""
    if reading is not None:
        steady = say("pack.weight.steady" if reading.stable else "pack.weight.moving")
        right = say("pack.weight.age", state=steady, age=f"{reading.age(monotonic):.1f}")
    shown = "" if verdict.grams is None else grams_words(verdict.grams).removesuffix(" g")
    return parts.Weight(
        say("pack.weight.title"),
        shown,
        "g" if shown else "",
        chip,
        left,
        say("pack.weight.enter") if typed is not None else right,
        at,
        low,
        high,
        typed,
        say("pack.weight.hint"),
    )


def item_words(item: ItemRef | None) -> str:
    """A product in a sentence: a name all in capitals in small letters, any other as it is written; else nothing."""
    if item is None:
        return ""
    return item.name.lower() if item.name.isupper() else item.name


def step(number: int, words: str, detail: str, stage: Stage, family: Family = Family.COMPLETE) -> parts.StepCard:
    """One step of what hands have to do."""
    return parts.StepCard(str(number), words, detail, stage, family)
