"""The rules of sourcing as the office changes them: an ordered list, each rule with its parameters and conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.sourcing_rules import DEFAULTS, USUAL_RULES, RuleKind
from app.domain.storable import SHORT, storable
from app.models.sourcing import SourcingRule
from app.models.warehouses import Warehouse
from app.services.actor import Actor
from app.services.audit import record
from app.services.changes import note_changes
from app.services.permissions import forbidden

CONDITIONS = ("channels", "countries", "services", "groups")
MOST = 1_000_000
"""No parameter may be larger: what rules add up stays in bounds."""
_NAMED = (RuleKind.CHANNEL_PREFERENCE, RuleKind.CUSTOMER_PREFERENCE)


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule as it is shown and changed. `rule_id` is None for the usual ones, which hold until a rule is written.

    `numbers` are its parameters, `warehouses` codes, best first; `conditions` words by `CONDITIONS`.
    """

    rule_id: int | None
    kind: RuleKind
    enabled: bool = True
    name: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    warehouses: tuple[str, ...] = ()
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parameters_of(kind: RuleKind) -> Mapping[str, int]:
    """The numbers that a rule of a kind has, with what they are unless told."""
    return {name: value for (of, name), value in DEFAULTS.items() if of is kind}


def rules(session: Session) -> tuple[RuleFacts, ...]:
    """All rules, the weightiest first."""
    rows = session.scalars(select(SourcingRule).order_by(SourcingRule.position, SourcingRule.id)).all()
    if not rows:
        return tuple(RuleFacts(None, rule.kind, numbers=parameters_of(rule.kind)) for rule in USUAL_RULES)
    return tuple(_facts(row) for row in rows)


def save_rule(session: Session, actor: Actor, told: RuleFacts) -> Outcome:
    """Changes a rule, or adds one at the end. With the first change the usual rules become rules of this database.

    Refused for a number that its kind does not have or that is out of bounds, and for a site that nobody knows.
    """
    refusal = forbidden(session, actor, Permission.MANAGE_SETTINGS) or _refused(session, told)
    if refusal is not None:
        return refusal
    _write_down_usual(session)
    row = session.get(SourcingRule, told.rule_id) if told.rule_id is not None else None
    if told.rule_id is not None and row is None:
        return refused("sourcing.rule_gone")
    if row is None:
        last = session.scalar(select(func.max(SourcingRule.position)))
        row = SourcingRule(position=(last or 0) + 1, kind=told.kind)
        session.add(row)
    row.kind, row.name, row.enabled = told.kind, storable(told.name.strip(), SHORT), told.enabled
    row.parameters = {**told.numbers, **({"warehouses": list(told.warehouses)} if told.kind in _NAMED else {})}
    row.conditions = {name: words for name in CONDITIONS if (words := _words(told.conditions.get(name, ())))}
    session.flush()
    return _changed(session, actor, "sourcing.rule_saved", row.id, row.kind)


def remove_rule(session: Session, actor: Actor, rule_id: int) -> Outcome:
    """Takes a rule away. Without any rule the usual ones hold again."""
    refusal = forbidden(session, actor, Permission.MANAGE_SETTINGS)
    if refusal is not None:
        return refusal
    row = session.get(SourcingRule, rule_id)
    if row is None:
        return refused("sourcing.rule_gone")
    kind = row.kind
    session.delete(row)
    session.flush()
    return _changed(session, actor, "sourcing.rule_removed", rule_id, kind)


def move_rule(session: Session, actor: Actor, place: int, to: int) -> Outcome:
    """Moves the rule at a place of the list (from 0) to another place; those between move up or down."""
    refusal = forbidden(session, actor, Permission.MANAGE_SETTINGS)
    if refusal is not None:
        return refusal
    _write_down_usual(session)
    rows = list(session.scalars(select(SourcingRule).order_by(SourcingRule.position, SourcingRule.id)))
    if not (0 <= place < len(rows) and 0 <= to < len(rows)):
        return refused("sourcing.rule_gone")
    moved = rows.pop(place)
    rows.insert(to, moved)
    for position, row in enumerate(rows, start=1):
        row.position = position
    session.flush()
    return _changed(session, actor, "sourcing.rule_moved", moved.id, moved.kind)


def enable_rule(session: Session, actor: Actor, rule_id: int, enabled: bool) -> Outcome:
    """Lets a rule count, or keeps it without."""
    refusal = forbidden(session, actor, Permission.MANAGE_SETTINGS)
    if refusal is not None:
        return refusal
    row = session.get(SourcingRule, rule_id)
    if row is None:
        return refused("sourcing.rule_gone")
    row.enabled = enabled
    session.flush()
    return _changed(session, actor, "sourcing.rule_on" if enabled else "sourcing.rule_off", row.id, row.kind)


def _facts(row: SourcingRule) -> RuleFacts:
    named = row.parameters.get("warehouses")
    stored = {name: value for name, value in row.parameters.items() if isinstance(value, int)}
    return RuleFacts(
        row.id,
        row.kind,
        row.enabled,
        row.name,
        {**parameters_of(row.kind), **stored},
        tuple(str(code) for code in named) if isinstance(named, list) else (),
        {name: tuple(words) for name, words in row.conditions.items() if isinstance(words, list)},
    )


def _refused(session: Session, told: RuleFacts) -> Outcome | None:
    known = parameters_of(told.kind)
    for name, value in told.numbers.items():
        if name not in known or not 0 <= value <= MOST:
            return refused("sourcing.bad_number", name=name, value=value)
    codes = set(session.scalars(select(Warehouse.code)))
    unknown = next((code for code in told.warehouses if code not in codes), None)
    return refused("sourcing.site_unknown", code=unknown) if unknown is not None else None


def _words(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(storable(word.strip(), SHORT) for word in words if word.strip()))


def _write_down_usual(session: Session) -> None:
    """The usual rules stand in no table: the first change writes them there, so that they can be changed."""
    if session.scalar(select(SourcingRule.id).limit(1)) is None:
        for position, rule in enumerate(USUAL_RULES, start=1):
            session.add(SourcingRule(position=position, kind=rule.kind, parameters=dict(parameters_of(rule.kind))))
        session.flush()


def _changed(session: Session, actor: Actor, code: str, rule_id: int, kind: RuleKind) -> Outcome:
    record(session, actor, code, "sourcing_rule", rule_id, {"kind": kind.value})
    note_changes(session, actor, [Change("sourcing_rule", rule_id)])
    return done(code)
