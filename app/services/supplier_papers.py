"""The request to a supplier as its paper's content and as rows of a CSV file."""

from __future__ import annotations

import csv
import io

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.addresses import country_code
from app.domain.csv_cells import cell
from app.queries.supplier_requests import AskedRequest, RequestLine, request_lines
from app.queries.warehouses import sender_of

HEADINGS = (
    "request", "order", "sku", "name", "quantity", "to_name", "to_company", "to_address1", "to_address2", "to_city",
    "to_region", "to_postcode", "to_country", "to_phone", "service",
)  # fmt: skip
_FIRST = text("SELECT id FROM warehouses WHERE kind <> 'supplier' ORDER BY id LIMIT 1")


def paper_content(session: Session, asked: AskedRequest, date: str) -> dict[str, object]:
    """What stands on the paper; the buyer is the sender of our first site."""
    own = session.connection().execute(_FIRST).scalar()
    buyer = {key: value for key, value in sender_of(session, own or 0).items() if key in _ADDRESS}
    return {
        "code": asked.code,
        "order": asked.number,
        "supplier": asked.supplier,
        "buyer": buyer,
        "ship_to": {key: value for key, value in asked.ship_to.items() if key in _ADDRESS},
        "lines": [
            {"sku": line.sku, "name": line.name, "quantity": line.quantity} for line in request_lines(session, asked)
        ],
        "date": date,
    }


_ADDRESS = ("name", "company", "address1", "address2", "city", "region", "postcode", "country")


def as_csv(requests: list[tuple[AskedRequest, tuple[RequestLine, ...]]]) -> str:
    """One row a line of each request."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for asked, lines in requests:
        to = asked.ship_to
        for line in lines:
            writer.writerow(
                (
                    asked.code, cell(asked.number), line.sku, cell(line.name), line.quantity, cell(to["name"]),
                    cell(to["company"]), cell(to["address1"]), cell(to["address2"]), cell(to["city"]),
                    cell(to["region"]), cell(to["postcode"]), country_code(to["country"]) or cell(to["country"]),
                    cell(to["phone"]), cell(asked.service),
                )
            )  # fmt: skip
    return out.getvalue()
