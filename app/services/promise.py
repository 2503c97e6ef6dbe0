"""Available to promise: how many units of a product each channel may sell now, and what is taken off on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.sourcing_stock import KeptBack
from app.domain.states import WarehouseKind
from app.queries.promise import (
    ChannelName,
    Free,
    Sold,
    Source,
    channel_names,
    free_between,
    free_of,
    products_in_turn,
    sources,
)
from app.services.kept_back import read_kept_back


@dataclass(frozen=True, slots=True)
class AtSite:
    """What one site gives a channel: free units, less its safety stock, less the channel's buffer."""

    source: Source
    free: int
    safety: int
    buffer: int
    promised: int


@dataclass(frozen=True, slots=True)
class Available:
    """What a channel may promise of a product: `available` is the sum over its sites."""

    channel: ChannelName
    product_id: int
    sites: tuple[AtSite, ...]

    @property
    def free(self) -> int:
        """Free units at the sites that the channel may use."""
        return sum(site.free for site in self.sites)

    @property
    def available(self) -> int:
        """Units that may be promised."""
        return sum(site.promised for site in self.sites)


@dataclass(frozen=True, slots=True)
class AvailableRow:
    """One line of a channel's list."""

    sku: str
    name: str
    available: int
    free: int
    safety: int
    buffer: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """What does not depend on the product."""

    kept: KeptBack
    sources: tuple[Source, ...]


def available_of(session: Session, product_id: int, now: datetime) -> tuple[Available, ...]:
    """What each channel may promise of one product now."""
    ground = _ground(session)
    free = {one.warehouse_id: one.units for one in free_of(session, [product_id], now)}
    return tuple(_of_channel(ground, channel, product_id, free) for channel in channel_names(session))


def channel_by_key(session: Session, key: str) -> ChannelName | None:
    """A channel by its key or name; None when there is no such."""
    wanted = key.strip().casefold()
    return next((one for one in channel_names(session) if wanted in (one.key.casefold(), one.name.casefold())), None)


def availability(session: Session, channel: ChannelName, now: datetime) -> Iterator[AvailableRow]:
    """What a channel may promise of every product that is sold, by id; read in pages, two statements a page.

    Call it in one snapshot, so that the list is of one moment.
    """
    ground = _ground(session)
    after = 0
    for page in products_in_turn(session):
        until = page[-1].product_id
        yield from _rows(ground, channel, page, free_between(session, after, until, now))
        after = until


def _rows(
    ground: _Ground, channel: ChannelName, page: tuple[Sold, ...], found: tuple[Free, ...]
) -> Iterator[AvailableRow]:
    free: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for one in found:
        free[one.product_id][one.warehouse_id] = one.units
    for product in page:
        told = _of_channel(ground, channel, product.product_id, free.get(product.product_id, {}))
        safety, buffer = sum(site.safety for site in told.sites), sum(site.buffer for site in told.sites)
        yield AvailableRow(product.sku, product.name, told.available, told.free, safety, buffer)


def _ground(session: Session) -> _Ground:
    """Suppliers promise what they told us by themselves: their stock is not ours to offer."""
    own = tuple(one for one in sources(session) if one.kind is not WarehouseKind.SUPPLIER)
    return _Ground(read_kept_back(session), own)


def _of_channel(ground: _Ground, channel: ChannelName, product_id: int, free: dict[int, int]) -> Available:
    sites = tuple(
        _at_site(ground.kept, channel.id, source, product_id, free[source.id])
        for source in ground.sources
        if source.id in free and ground.kept.may_use(channel.id, source.id)
    )
    return Available(channel, product_id, sites)


def _at_site(kept: KeptBack, channel_id: int, source: Source, product_id: int, free: int) -> AtSite:
    safety = min(free, kept.safety_of(source.id, product_id))
    promised = kept.promisable(free, channel_id, source.id, product_id)
    return AtSite(source, free, safety, free - safety - promised, promised)
