"""The rule by which a kind of document has its printer, over the settings that a station keeps."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.documents import DocumentKind

ON_PAPER = (
    DocumentKind.PACKING_SLIP,
    DocumentKind.PICK_LIST,
    DocumentKind.COMMAND_SHEET,
    DocumentKind.DOCTOR_SHEET,
    DocumentKind.TRANSFER,
    DocumentKind.SUPPLIER_REQUEST,
)
"""What goes to the printer for paper, where a station has one."""
_REACHED_FROM_AFAR = ("tcp:", "rfc2217:", "file:", "sim:")


def printers_by_kind(settings: Mapping[str, object]) -> dict[str, str]:
    """The printers that a station names for kinds of documents; all others go to its label printer."""
    paper, printers = str(settings.get("paper_printer") or ""), settings.get("printers")
    named = {str(kind): str(uri) for kind, uri in printers.items() if uri} if isinstance(printers, Mapping) else {}
    return {**({kind.value: paper for kind in ON_PAPER} if paper else {}), **named}


def printer_of(settings: Mapping[str, object], document: str) -> str:
    """The address of the printer for such documents; empty where the station names none."""
    return printers_by_kind(settings).get(document, "") or str(settings.get("printer") or "")


def may_stand_in(printer: str) -> bool:
    """Whether another station can reach a printer: one at a serial or USB port is its own computer's alone."""
    return printer.startswith(_REACHED_FROM_AFAR)
