"""The office in a process of its own: does one thing with an order, by its number, and says what came of it."""

from __future__ import annotations

import sys

from sqlalchemy import select

from app.domain.clock import utc_now
from app.domain.order_edits import LineWish, NewLine
from app.domain.outcomes import Outcome
from app.domain.states import Role
from app.models.catalogue import Product
from app.models.database import Database, Session
from app.models.demand import Order, OrderLine
from app.models.people import Operator
from app.models.stock import Warehouse
from app.services.actor import Actor
from app.services.edit_lines import edit_lines
from app.services.orders import mend_address


def swap(session: Session, actor: Actor, order_id: int, out: str, wanted: str) -> Outcome:
    """None of one product, one of another."""
    line = session.execute(
        select(OrderLine.id).where(OrderLine.order_id == order_id, OrderLine.sku == out)
    ).scalar_one()
    product = session.execute(select(Product.id).where(Product.sku == wanted)).scalar_one()
    return edit_lines(session, actor, order_id, [LineWish(line, 0)], [NewLine(product, 1)], "Another colour, please")


def readdress(session: Session, actor: Actor, order_id: int) -> Outcome:
    """Somewhere else."""
    to = {"address1": "7 Harbour Walk", "city": "Bristol", "postcode": "BS1 5TY"}
    return mend_address(session, actor, order_id, to, reason="Moved house")


def main(url: str, deed: str, number: str, *rest: str) -> None:
    """One deed, one line of answer."""
    database = Database.open(url)

    def work(session: Session) -> Outcome:
        who = session.execute(select(Operator.id).where(Operator.role == Role.OFFICE)).scalars().first()
        warehouse = session.execute(select(Warehouse.id).order_by(Warehouse.id)).scalars().first()
        order_id = session.execute(select(Order.id).where(Order.number == number)).scalar_one()
        actor = Actor(utc_now(), "office", warehouse or 0, who, Role.OFFICE)
        return swap(session, actor, order_id, *rest) if deed == "swap" else readdress(session, actor, order_id)

    sys.stdout.write(database.write(work).code + "\n")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
