"""Parcels, their labels, what leaves together, and every document on its way out of a printer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import LabelState, PackageState, PrintJobState
from app.models import catalogue, fulfillment, people, stock, warehouses  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Currency, Json, Key, Line, Money, Short, Word, part_index, ref


class Package(Base):
    """One parcel. Its contents lie at its own location; `number` counts the parcels of its fulfillment from 1."""

    __tablename__ = "packages"
    __table_args__ = (
        UniqueConstraint("fulfillment_id", "number"),
        Index("ix_packages_sealed_at", "sealed_at"),
        Index("ix_packages_location_id", "location_id", unique=True),
    )

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    location_id: Mapped[int] = mapped_column(ref("locations"))
    number: Mapped[int]
    state: Mapped[PackageState] = mapped_column(Word(PackageState), default=PackageState.OPEN)
    carton_id: Mapped[int | None] = mapped_column(ref("cartons"))
    weight_g: Mapped[int | None]
    weight_source: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    cage_id: Mapped[int | None] = mapped_column(ref("locations"))
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    opened_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]


class Manifest(Base):
    """The list handed over to a carrier with one truck."""

    __tablename__ = "manifests"

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    carrier: Mapped[Code]
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))


class Shipment(Base):
    """The packages of one fulfillment that leave with one carrier service."""

    __tablename__ = "shipments"
    __table_args__ = (Index("ix_shipments_fulfillment_id", "fulfillment_id"),)

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    carrier: Mapped[Code]
    account: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    service: Mapped[Short]
    manifest_id: Mapped[int | None] = mapped_column(ref("manifests"))
    created_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]


_LIVE = "state NOT IN ('refused', 'voided')"
_TO_COLLECT = "spoiled_at IS NOT NULL AND collected_at IS NULL"
_TROUBLE = "state IN ('voiding', 'void_refused')"


class Label(Base):
    """A carrier's label for one package, an intention first. `reference` is the idempotency key given to the carrier.

    `content` is the frozen content from which the document is drawn, so that a reprint is the same label. `reason` is
    why the carrier refused to sell or to void it; of an intention, the state of the printer that it waits for.
    `spoiled_at`: since then its paper must be found and scanned, until `collected_at`.
    """

    __tablename__ = "labels"
    __table_args__ = (
        Index("ix_labels_shipment_id", "shipment_id"),
        Index("ix_labels_package_id", "package_id"),
        part_index("ix_labels_live", "package_id", unique=True, where=_LIVE),
        part_index("ix_labels_tracking", "tracking_number", unique=True, where=f"{_LIVE} AND tracking_number <> ''"),
        part_index("ix_labels_to_collect", "id", where=_TO_COLLECT),
        part_index("ix_labels_trouble", "id", where=_TROUBLE),
    )

    id: Mapped[Key]
    package_id: Mapped[int] = mapped_column(ref("packages"))
    shipment_id: Mapped[int] = mapped_column(ref("shipments"))
    carrier: Mapped[Code]
    account: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    service: Mapped[Short]
    state: Mapped[LabelState] = mapped_column(Word(LabelState), default=LabelState.INTENDED)
    reference: Mapped[Code] = mapped_column(String(64), unique=True)
    tracking_number: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    price: Mapped[Money]
    currency: Mapped[Currency] = mapped_column(String(3), default="", server_default="")
    content: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    intended_at: Mapped[datetime]
    bought_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    spoiled_at: Mapped[datetime | None]
    collected_at: Mapped[datetime | None]


class PrintJob(Base):
    """One document to print, carried out after the commit. `key` makes asking twice the same as once.

    `document` names the kind (`shipping-label`), `content` is what it is drawn from; `payload` keeps foreign bytes.
    `printer` is the address of the one printer that it must go to, empty for the station's own for such documents;
    `sent_to` is where it went last. A failed job is `doubtful` while nobody knows whether it came out.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        part_index("ix_print_jobs_open", "station_id", "id", where="state IN ('queued', 'sending', 'failed')"),
        Index("ix_print_jobs_package_id", "package_id"),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(String(64), unique=True)
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
    document: Mapped[Code]
    printer: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    state: Mapped[PrintJobState] = mapped_column(Word(PrintJobState), default=PrintJobState.QUEUED)
    content: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    label_id: Mapped[int | None] = mapped_column(ref("labels"))
    package_id: Mapped[int | None] = mapped_column(ref("packages"))
    reprint_of_id: Mapped[int | None] = mapped_column(ref("print_jobs"))
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    doubtful: Mapped[bool] = mapped_column(default=False, server_default="0")
    sent_to: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
