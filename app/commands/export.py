"""`export orders`: all that is known of the orders, in the words of their channels."""

from __future__ import annotations

import json
import sys

from app.commands.opening import opened
from app.queries.export_orders import export_orders
from app.settings import Settings


def run(settings: Settings, channel: str) -> int:
    """Writes one object with `orders` to standard output, order by order, so that it takes no memory."""
    with opened(settings, must_be_there=True) as at, at.database.reading() as session:
        out = sys.stdout
        out.write('{"orders": [')
        separator = "\n"
        for one in export_orders(session, channel):
            out.write(separator + json.dumps(one.told, ensure_ascii=False))
            separator = ",\n"
        out.write("\n]}\n")
        out.flush()
    return 0
