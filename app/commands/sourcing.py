"""`sourcing`: the rules in force, who would send an order and why, and where postcodes lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.commands.opening import answer, opened
from app.domain.clock import utc_now
from app.domain.errors import BadUseError
from app.domain.words import say
from app.services.postcode_points import in_chunks, read_points, store_points
from app.services.sourcing import RuleFacts, rules
from app.services.sourcing_preview import FromSource, Preview, preview
from app.settings import Settings

WRITER = "sourcing"
WHAT = ("rules", "plan", "postcodes")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: `value` is an order's number for `plan`, a file for `postcodes`."""

    what: str
    value: str = ""


def run(settings: Settings, wanted: Wanted, as_json: bool) -> int:
    """Reports; only `postcodes` changes anything. Raises BadUseError when the number or the file is missing."""
    if wanted.what != "rules" and not wanted.value:
        raise BadUseError(f"cli.sourcing.{wanted.what}_of_what")
    if wanted.what == "postcodes":
        return _postcodes(settings, Path(wanted.value), as_json)
    return _plan(settings, wanted.value, as_json) if wanted.what == "plan" else _rules(settings, as_json)


def _rules(settings: Settings, as_json: bool) -> int:
    with opened(settings, must_be_there=True) as at:
        found = at.database.read(rules)
    told = {"rules": [_rule(rule) for rule in found]}
    answer(as_json, told, *(_said(number, rule) for number, rule in enumerate(found, start=1)))
    return 0


def _rule(rule: RuleFacts) -> dict[str, object]:
    return {
        "kind": rule.kind.value,
        "enabled": rule.enabled,
        "name": rule.name,
        "parameters": {**rule.numbers, **({"warehouses": list(rule.warehouses)} if rule.warehouses else {})},
        "conditions": {name: list(words) for name, words in rule.conditions.items()},
    }


def _said(number: int, rule: RuleFacts) -> str:
    title = rule.name or say(f"sourcing.rule.{rule.kind.value}")
    return say("cli.sourcing.rule" if rule.enabled else "cli.sourcing.rule_off", number=number, title=title)


def _plan(settings: Settings, number: str, as_json: bool) -> int:
    with opened(settings, must_be_there=True) as at:
        made = at.database.read(lambda session: preview(session, at.actor(WRITER, utc_now()), number))
    if made is None:
        raise BadUseError("sourcing.unknown_order", number=number)
    answer(as_json, _planned(made), *_sentences(made))
    return 1 if made.missing else 0


def _planned(made: Preview) -> Mapping[str, object]:
    return {
        "order": made.number,
        "channel": made.channel,
        "destination": made.destination,
        "sources": [_source(one) for one in made.sources],
        "missing": dict(made.missing),
    }


def _source(one: FromSource) -> dict[str, object]:
    why = [
        {"code": choice.code, "facts": dict(choice.facts), "says": say(choice.code, **choice.facts)}
        for choice in one.why
    ]
    return {"warehouse": one.warehouse, "kind": one.kind.value, "units": dict(one.units), "why": why}


def _sentences(made: Preview) -> list[str]:
    said = [say("cli.sourcing.plan", number=made.number, channel=made.channel, destination=made.destination)]
    for one in made.sources:
        units = ", ".join(f"{quantity} {sku}" for sku, quantity in one.units)
        said.append(say("cli.sourcing.from", warehouse=one.warehouse, units=units))
        said += [say("cli.sourcing.why", why=say(choice.code, **choice.facts)) for choice in one.why]
    if made.missing:
        units = ", ".join(f"{quantity} {sku}" for sku, quantity in made.missing)
        said.append(say("cli.sourcing.missing", units=units))
    return said


def _postcodes(settings: Settings, path: Path, as_json: bool) -> int:
    points = read_points(path)
    with opened(settings) as at:
        for some in in_chunks(points):
            at.database.write(lambda session, some=some: store_points(session, some))  # type: ignore[misc]
    told = {"points": len(points.found), "refused": points.refused_count, "refused_lines": points.refused}
    said = [say("cli.sourcing.points", count=len(points.found))]
    if points.refused_count:
        lines = ", ".join(map(str, points.refused))
        said.append(say("cli.sourcing.points_refused", count=points.refused_count, lines=lines))
    answer(as_json, told, *said)
    return 1 if points.refused_count else 0
