"""The parts of the sourcing rules in the office: the list, its forms and commands, and a plan that was only tried."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.roles import Permission
from app.domain.sourcing_rules import RuleKind
from app.domain.words import say
from app.presenters.office_desk import Fields, form, not_permitted
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind
from app.presenters.station_info import StationInfo
from app.presenters.times import number
from app.services.sourcing import CONDITIONS, RuleFacts, parameters_of
from app.services.sourcing_preview import FromSource, Preview

ADD, EDIT, TRY, UP, DOWN, SWITCH, REMOVE, ORDER = (
    "rule-add", "rule-edit", "rule-try", "rule-up", "rule-down", "rule-switch", "rule-remove", "rule-order",
)  # fmt: skip
NAMED = (RuleKind.CHANNEL_PREFERENCE, RuleKind.CUSTOMER_PREFERENCE)
KINDS = tuple(RuleKind)


# -- the list ---------------------------------------------------------------------------------------------------------


def rules_table(rows: Sequence[RuleFacts], at: int) -> parts.Table:
    """Every rule in its place: what it prefers, when it counts, whether it does."""
    columns = (
        parts.Column(say("office_sourcing.column.place"), 60, numbers=True),
        parts.Column(say("office_sourcing.column.rule")),
        parts.Column(say("office_sourcing.column.when"), 280),
        parts.Column(say("office_sourcing.column.state"), 150),
    )
    shown = tuple(
        parts.TableRow(
            str(place),
            (
                parts.Cell(str(place + 1), strong=True),
                parts.Cell(title(row), parameters_words(row), strong=row.enabled, quiet=not row.enabled),
                parts.Cell(conditions_words(row), quiet=not row.enabled),
                parts.Cell(chip=_chip(row)),
            ),
        )
        for place, row in enumerate(rows)
    )
    return parts.Table("rules", columns, shown, str(at) if rows else "", empty=say("office_sourcing.no_rules"))


def title(row: RuleFacts) -> str:
    """What the rule prefers, by its own name where it has one."""
    usual = say(f"sourcing.rule.{row.kind.value}")
    return f"{row.name} ({usual})" if row.name else usual


def parameters_words(row: RuleFacts) -> str:
    """Its numbers and sites in words; what it does where it has none."""
    told = [
        say(f"office_sourcing.parameter.{row.kind.value}.{name}", value=number(value))
        for name, value in row.numbers.items()
        if value
    ]
    if row.warehouses:
        told.append(" > ".join(row.warehouses))
    return ", ".join(told) or say(f"office_sourcing.about.{row.kind.value}")


def conditions_words(row: RuleFacts) -> str:
    """When it counts."""
    told = [
        say(f"office_sourcing.when.{name}", words=", ".join(words))
        for name in CONDITIONS
        if (words := row.conditions.get(name))
    ]
    return "; ".join(told) or say("office_sourcing.always")


def _chip(row: RuleFacts) -> parts.Chip:
    if not row.enabled:
        return parts.Chip(say("office_sourcing.off"), Family.TODO, "prohibit")
    words = "office_sourcing.usual" if row.rule_id is None else "office_sourcing.on"
    return parts.Chip(say(words), Family.OK, "check")


def rules_commands(rows: Sequence[RuleFacts], at: int, station: StationInfo) -> tuple[parts.Command, ...]:
    """Try, add, change, move, switch, remove."""
    why = not_permitted(station.may(Permission.MANAGE_SETTINGS))
    rule = rows[at] if at < len(rows) else None
    none = "" if rule else say("office_sourcing.no_rules")
    first = "" if at > 0 else say("office_sourcing.is_first")
    last = "" if at + 1 < len(rows) else say("office_sourcing.is_last")
    switch = "office_sourcing.switch_off" if rule is None or rule.enabled else "office_sourcing.switch_on"
    return (
        parts.Command(TRY, say("office_sourcing.try"), "T", icon="magnifying-glass", kind=Kind.PRIMARY),
        parts.Command(ADD, say("office_sourcing.add"), "N", icon="plus", reason=why),
        parts.Command(EDIT, say("office_sourcing.edit"), "E", reason=why or none),
        parts.Command(UP, say("office_sourcing.up"), "U", icon="arrow-up", reason=why or first),
        parts.Command(DOWN, say("office_sourcing.down"), "D", icon="arrow-down", reason=why or last),
        parts.Command(SWITCH, say(switch), "O", reason=why or none),
        parts.Command(REMOVE, say("office_sourcing.remove"), "X", kind=Kind.DANGER, reason=why or none),
    )


# -- one rule ---------------------------------------------------------------------------------------------------------


def fill(fields: Fields, told: RuleFacts) -> None:
    """Begins the form with what is told of a rule."""
    numbers = {**parameters_of(told.kind), **told.numbers}
    texts = {f"rule_{name}": str(value) for name, value in numbers.items()}
    texts |= {f"when_{name}": ", ".join(told.conditions.get(name, ())) for name in CONDITIONS}
    fields.fill(rule_name=told.name, rule_warehouses=", ".join(told.warehouses), **texts)


def told(fields: Fields, before: RuleFacts) -> RuleFacts | None:
    """The rule as it was typed; None, with what is wrong beside the fields, when it can't be taken."""
    numbers = {}
    for name in parameters_of(before.kind):
        text = fields.get(f"rule_{name}")
        if not (text.isascii() and text.isdigit() and len(text) <= 7):
            fields.wrong[f"rule_{name}"] = say("office_sourcing.bad_number")
            return None
        numbers[name] = int(text)
    named = tuple(code.upper() for code in _list(fields.get("rule_warehouses"))) if before.kind in NAMED else ()
    conditions = {name: _list(fields.get(f"when_{name}")) for name in CONDITIONS}
    return RuleFacts(
        before.rule_id, before.kind, before.enabled, fields.get("rule_name"), numbers, named,
        {name: words for name, words in conditions.items() if words},
    )  # fmt: skip


def _list(text: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def rule_form(fields: Fields, kind: RuleKind, new: bool) -> Form:
    """The form of a rule: what its kind needs, then when it counts."""
    shown = [fields.field(f"rule_{name}") for name in parameters_of(kind)]
    if kind in NAMED:
        shown.append(fields.field("rule_warehouses", say("office_sourcing.warehouses.hint"), code=True))
    shown += [fields.field(f"when_{name}", say(f"office_sourcing.hint.{name}")) for name in CONDITIONS]
    shown.append(fields.field("rule_name"))
    tabs = tuple(parts.Tab(one.value, say(f"office_sourcing.kind.{one.value}"), chosen=one is kind) for one in KINDS)
    name = say(f"sourcing.rule.{kind.value}")
    title_words = say("office_sourcing.add.title") if new else say("office_sourcing.edit.title", rule=name)
    return form(
        ADD if new else EDIT, title_words, tuple(shown), "office_sourcing.save",
        detail=say(f"office_sourcing.about.{kind.value}"), tabs=tabs if new else (),
        beside=("when_countries", "when_groups"),
    )  # fmt: skip


# -- trying -----------------------------------------------------------------------------------------------------------


def try_form(fields: Fields) -> Form:
    """Which order to try the rules on."""
    return form(
        TRY, say("office_sourcing.try.title"), (fields.field("order_number", code=True),), "office_sourcing.try.save",
        detail=say("office_sourcing.try.detail"),
    )  # fmt: skip


def tried_table(tried: Preview) -> parts.Table:
    """Who would send what, and why; what nobody has stands last."""
    columns = (
        parts.Column(say("office_sourcing.column.site"), 200),
        parts.Column(say("office_sourcing.column.sends")),
        parts.Column(say("office_sourcing.column.why"), 330),
    )
    rows = [
        parts.TableRow(
            str(place),
            (
                parts.Cell(one.warehouse, say(f"office_warehouses.kind.{one.kind.value}"), strong=True),
                parts.Cell(", ".join(f"{number(units)} × {sku}" for sku, units in one.units)),
                parts.Cell(*_why(one)),
            ),
            Family.OK,
        )
        for place, one in enumerate(tried.sources)
    ]
    if tried.missing:
        words = ", ".join(f"{number(units)} × {sku}" for sku, units in tried.missing)
        cells = (parts.Cell(say("office_sourcing.nobody"), strong=True), parts.Cell(words), parts.Cell(""))
        rows.append(parts.TableRow("missing", cells, Family.WRONG))
    return parts.Table("tried", columns, tuple(rows), "", empty=say("office_sourcing.nothing_open"))


def _why(one: FromSource) -> tuple[str, str]:
    """The rule that decided, then what the site had and sends."""
    if not one.why:
        return say("office_sourcing.only_one"), ""
    first, _, rest = say(one.why[0].code, **one.why[0].facts).partition(". ")
    return first, rest


def tried_facts(tried: Preview) -> tuple[parts.Fact, ...]:
    """The order that it was tried on."""
    return (
        parts.Fact(say("office_sourcing.fact.channel"), tried.channel),
        parts.Fact(say("office_sourcing.fact.goes_to"), tried.destination),
        parts.Fact(say("office_sourcing.fact.parcels"), number(len(tried.sources))),
        parts.Fact(
            say("office_sourcing.fact.missing"), number(sum(units for _, units in tried.missing)),
            family=Family.WRONG if tried.missing else None, icon="warning" if tried.missing else "",
        ),
    )  # fmt: skip


def tried_commands() -> tuple[parts.Command, ...]:
    """Look at the order itself; nothing was changed."""
    return (parts.Command(ORDER, say("office_sourcing.show_order"), "O", icon="arrow-right"),)
