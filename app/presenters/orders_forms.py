"""The forms for what may be done with the chosen order, and the question before what can't be taken back."""

from __future__ import annotations

from dataclasses import replace

from app.domain.addresses import check_address
from app.domain.states import HoldKind, PackageState
from app.domain.words import say
from app.presenters import orders_parts as made
from app.presenters.orders_detail import ADDRESS_FIELDS, CLOSE, SAVE
from app.presenters.orders_model import OrdersModel, Panel
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.queries.order_detail import OrderDetail
from app.queries.queue_rows import Stage


def form(model: OrdersModel) -> Form | None:
    """The open form; None when there is none."""
    known = model.detail
    if model.panel is Panel.RELEASE:
        return _release_form()
    if known is None:
        return None
    if model.sure:
        return _sure_form(model, known)
    makers = {
        Panel.HOLD: _hold_form,
        Panel.LIFT: _lift_form,
        Panel.CANCEL: _cancel_form,
        Panel.ADDRESS: _address_form,
        Panel.REPRINT: _reprint_form,
    }
    maker = makers.get(model.panel)
    return None if maker is None else maker(model, known)


def field(model: OrdersModel, name: str, label: str, hint: str = "") -> parts.Field:
    """A field of the open form, with what was typed and what is wrong with it."""
    return parts.Field(
        name, say(label), model.typed.get(name, ""), say(hint) if hint else "", model.wrong.get(name, "")
    )


def buttons(save: str, kind: Kind = Kind.PRIMARY) -> tuple[parts.Command, ...]:
    """Save and go back."""
    return (
        parts.Command(SAVE, say(save), "Enter", icon="check", kind=kind),
        parts.Command(CLOSE, say("orders.form.close"), "Esc"),
    )


def asks_twice(model: OrdersModel, known: OrderDetail) -> bool:
    """What can't be taken back: who types a name without `/` presses Enter too, and X and A begin names.

    An address that is held for being wrong is there to be mended, and asks once.
    """
    held = any(hold.kind is HoldKind.ADDRESS for hold in known.holds)
    return model.panel is Panel.CANCEL or (model.panel is Panel.ADDRESS and not held)


def _sure_form(model: OrdersModel, known: OrderDetail) -> Form:
    """The same question without fields, with what was typed: Enter a second time does it."""
    if model.panel is Panel.CANCEL:
        detail_words = say("orders.form.cancel.sure", reason=model.typed.get("reason", "").strip())
        save, kind = "orders.form.cancel.save", Kind.DANGER
    else:
        after = ", ".join(filter(None, (model.typed.get(name, "").strip() for name in ADDRESS_FIELDS)))
        detail_words, save, kind = (
            say("orders.form.address.sure", address=after),
            "orders.form.address.save",
            Kind.PRIMARY,
        )
    title = say(f"orders.form.{model.panel.value}", number=known.number)
    return Form(f"{model.panel.value}-sure", title, detail_words, commands=buttons(save, kind))


def _release_form() -> Form:
    """One letter makes no walks for everybody."""
    return Form(
        Panel.RELEASE,
        say("orders.form.release"),
        say("orders.form.release.detail"),
        commands=buttons("orders.form.release.save"),
    )


def _hold_form(model: OrdersModel, known: OrderDetail) -> Form:
    return Form(
        Panel.HOLD,
        say("orders.form.hold", number=known.number),
        say("orders.form.hold.detail"),
        (field(model, "reason", "orders.field.reason", "orders.field.reason.hold"),),
        commands=buttons("orders.form.hold.save"),
    )


def _lift_form(model: OrdersModel, known: OrderDetail) -> Form:
    kind = model.hold_kind or known.holds[0].kind
    chosen = next((hold for hold in known.holds if hold.kind is kind), known.holds[0])
    tabs = tuple(
        parts.Tab(hold.kind.value, made.hold_words(hold.kind).capitalize(), chosen=hold.kind is kind)
        for hold in known.holds
    )
    return Form(
        Panel.LIFT,
        say("orders.form.lift", number=known.number),
        made.first_large(made.cause_words(chosen.kind, chosen.detail)),
        (field(model, "reason", "orders.field.reason", "orders.field.reason.lift"),),
        tabs if len(tabs) > 1 else (),
        buttons("orders.form.lift.save"),
    )


def _cancel_form(model: OrdersModel, known: OrderDetail) -> Form:
    packed = any(parcel.state is not PackageState.OPEN for parcel in known.parcels)
    under_way = known.row.stage in (Stage.PICKING, Stage.READY_TO_PACK, Stage.PACKING, Stage.PACKED)
    what = "packed" if packed else "under_way" if under_way else "early"
    return Form(
        Panel.CANCEL,
        say("orders.form.cancel", number=known.number),
        say(f"orders.form.cancel.{what}"),
        (field(model, "reason", "orders.field.reason", "orders.field.reason.cancel"),),
        commands=buttons("orders.form.cancel.save", Kind.DANGER),
    )


def _reprint_form(model: OrdersModel, known: OrderDetail) -> Form:
    chosen = model.typed.get("parcel", "")
    tabs = tuple(
        parts.Tab(str(parcel.package_id), say("orders.parcel", number=parcel.number, code=parcel.tracking_number),
                  chosen=str(parcel.package_id) == chosen)
        for parcel in known.parcels
        if parcel.tracking_number
    )  # fmt: skip
    return Form(
        Panel.REPRINT,
        say("orders.form.reprint", number=known.number),
        say("orders.form.reprint.detail"),
        tabs=tabs,
        commands=buttons("orders.form.reprint.save"),
    )


def _address_form(model: OrdersModel, known: OrderDetail) -> Form:
    fields = tuple(
        replace(field(model, name, f"orders.address.{name}"), wrong=model.wrong.get(name, ""))
        for name in ADDRESS_FIELDS
    )
    fields += (field(model, "reason", "orders.field.reason", "edits.field.reason.hint"),)
    wrong = model.wrong.get("", "")
    title = say("orders.form.address", number=known.number)
    held = any(hold.kind is HoldKind.ADDRESS for hold in known.holds)
    detail_words = say("orders.form.address.detail") if held and not model.wrong else ""
    beside = ("company", "region", "country")  # a street needs the whole width
    return Form(Panel.ADDRESS, title, detail_words, fields, (), buttons("orders.form.address.save"), wrong, beside)


def address_faults(known: OrderDetail, typed: dict[str, str]) -> dict[str, str]:
    """What is wrong with a typed address, by field, in words; nothing when it is good."""
    after = replace(known.address, **{name: typed.get(name, "").strip() for name in ADDRESS_FIELDS})
    return {problem.field: say(problem.fault.key, found=problem.found) for problem in check_address(after)}
