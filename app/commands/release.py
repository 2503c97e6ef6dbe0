"""`release`: promises stock to what is ready, and sends it out to be picked."""

from __future__ import annotations

from datetime import datetime

from app.commands.opening import answer, opened, stock_promised
from app.domain.clock import utc_now
from app.domain.words import say_count
from app.runtime.allocating import allocate_all
from app.services.actor import Actor
from app.services.drop_ship import ask_suppliers
from app.services.release import ReleaseResult, release
from app.settings import Settings

WRITER = "release"
AT_ONCE = 60


def run(settings: Settings, totes: int | None, as_json: bool) -> int:
    """Allocates and releases all that may go, of one warehouse."""
    with opened(settings, must_be_there=True) as at:

        def actor(now: datetime) -> Actor:
            return at.actor(WRITER, now)

        allocated = allocate_all(at.database, actor, utc_now)
        waves: list[ReleaseResult] = []
        while True:
            made = at.database.write(lambda session: release(session, actor(utc_now()), AT_ONCE, slots=totes))
            if not made.fulfillment_ids:
                break
            waves.append(made)
        asked: list[int] = []
        while some := at.database.write(lambda session: ask_suppliers(session, actor(utc_now()))):
            asked += some
    lists = [ident for wave in waves for ident in wave.pick_list_ids]
    fulfillments = [ident for wave in waves for ident in wave.fulfillment_ids]
    told = {
        "allocated": allocated.allocated,
        "backordered": allocated.backordered,
        "waves": [wave.wave_id for wave in waves],
        "pick_lists": lists,
        "fulfillments": len(fulfillments),
        **({"supplier_requests": len(asked)} if asked else {}),
    }
    on_lists = say_count("cli.release.lists", len(lists))
    answer(
        as_json, told,
        stock_promised(allocated.allocated, allocated.backordered),
        say_count("cli.release.done", len(fulfillments), lists=on_lists),
    )  # fmt: skip
    return 0
