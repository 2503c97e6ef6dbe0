"""The first run as it is shown: what its screen follows from, and the screen of each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.words import say
from app.presenters.joining import Joining
from app.presenters.state import first_run, parts
from app.presenters.state.form import Form, Notice
from app.presenters.state.parts import Kind
from app.services import setup

SAMPLE, EMPTY, JOIN, TRY, UPDATE = "sample", "empty", "join", "try-join", "update"
MAKE, BACK, GO_ON, PRINT = "make", "back", "go-on", "print-badge"
THEME, VOLUME = "theme", "volume"
FIELDS = ("warehouse", "zone", "sender", "street", "town", "postcode", "country", "station", "operator")
_BESIDE = ("zone", "street", "postcode", "country", "operator")


class Step(StrEnum):
    """Where the first run stands."""

    CHOOSING = "choosing"
    JOINING = "joining"
    OUTDATED = "outdated"
    BUSY = "busy"
    NAMING = "naming"
    STATION = "station"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class FirstRunModel:
    """Everything the screen follows from."""

    step: Step = Step.CHOOSING
    chosen: str = SAMPLE
    url: str = ""
    joining: Joining = field(default_factory=Joining)
    again: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    busy: first_run.Busy | None = None
    made: setup.FirstRun | None = None
    printed: bool = False
    notice: Notice | None = None


def shown(model: FirstRunModel, volume: int, stations: Iterable[str]) -> first_run.FirstRun:
    """The whole screen; `stations` are those that the joined database knows."""
    step = model.step
    looks = (
        parts.Command(THEME, say("first_run.theme"), "D", icon="moon"),
        parts.Command(VOLUME, f"{volume} %", "V", icon="speaker-high"),
    )
    key = {
        Step.CHOOSING: "choose", Step.BUSY: "busy", Step.NAMING: "name", Step.STATION: "station", Step.DONE: "done",
        Step.JOINING: "joining", Step.OUTDATED: "outdated",
    }[step]  # fmt: skip
    screen = first_run.FirstRun(
        say(f"first_run.{key}.title"), say(f"first_run.{key}.detail"), looks=looks,
        foot=say("first_run.foot"), notice=model.notice,
    )  # fmt: skip
    if step is Step.CHOOSING:
        return replace(screen, ways=_ways(model))
    if step is Step.BUSY:
        return replace(screen, busy=model.busy)
    if step is Step.JOINING:
        return replace(screen, form=model.joining.form(_go(TRY, say("first_run.join.button"))))
    if step is Step.OUTDATED:
        return replace(
            screen,
            form=Form("outdated", model.joining.shown, say("join.outdated"), commands=_go(UPDATE, say("join.update"))),
        )
    if step is Step.NAMING:
        return replace(screen, form=_form(model))
    if step is Step.STATION:
        return replace(screen, form=_station_form(model, stations))
    return replace(screen, badge=_badge(model), commands=_done_commands(), looks=())


def _ways(model: FirstRunModel) -> tuple[first_run.Way, ...]:
    chosen, url = model.chosen, model.url
    fields = {JOIN: parts.Field("url", "", url, say("join.hint.address"), code=True)}
    icons = {SAMPLE: "storefront", EMPTY: "house", JOIN: "database"}
    ways = []
    for at, way in enumerate((SAMPLE, EMPTY, JOIN), start=1):
        ticks = tuple(say(f"first_run.{way}.tick{n}") for n in (1, 2, 3) if _has(f"first_run.{way}.tick{n}"))
        here = way == chosen
        kind = Kind.PRIMARY if here else Kind.PLAIN
        reason = model.joining.lacks if way == JOIN else ""
        enter = "Enter" if here and not reason else ""
        button = parts.Command(way, say(f"first_run.{way}.button"), enter, reason=reason, kind=kind)
        title, detail = say(f"first_run.{way}.title"), say(f"first_run.{way}.detail")
        ways.append(first_run.Way(str(at), icons[way], title, detail, ticks, button, fields.get(way), here))
    return tuple(ways)


def _form(model: FirstRunModel) -> Form:
    typed, wrong = model.typed, model.wrong
    fields = tuple(
        parts.Field(name, say(f"first_run.field.{name}"), typed.get(name, ""), wrong=wrong.get(name, ""))
        for name in FIELDS
    )
    return Form(
        "warehouse",
        "",
        "",
        fields,
        (),
        _go(MAKE, say("first_run.make")),
        beside=_BESIDE,
    )


def _go(code: str, words: str) -> tuple[parts.Command, ...]:
    """On by Enter, back by Esc."""
    return (
        parts.Command(code, words, "Enter", icon="check", kind=Kind.PRIMARY),
        parts.Command(BACK, say("first_run.back"), "Esc"),
    )


def _station_form(model: FirstRunModel, stations: Iterable[str]) -> Form:
    known = ", ".join(sorted(stations))
    words, wrong = model.typed.get("station", ""), model.wrong.get("station", "")
    field = parts.Field("station", say("first_run.field.station"), words, wrong=wrong)
    commands = _go(MAKE, say("first_run.go_on_here"))
    return Form("station", "", say("first_run.station.known", names=known) if known else "", (field,), (), commands)


def _badge(model: FirstRunModel) -> first_run.Badge | None:
    made = model.made
    if made is None:
        return None
    name = model.typed.get("operator", "").strip()
    advice = say("first_run.badge.printed" if model.printed else "first_run.badge.advice")
    return first_run.Badge(name, say("role.admin"), made.badge, advice)


def _done_commands() -> tuple[parts.Command, ...]:
    return (
        parts.Command(GO_ON, say("first_run.go_on"), "Enter", icon="arrow-right", kind=Kind.PRIMARY),
        parts.Command(PRINT, say("first_run.print"), "P", icon="printer"),
    )


def _has(key: str) -> bool:
    return say(key) != key
