"""The part of the Stock screen that says what each channel may promise of a product, and why not more."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.words import say
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.presenters.stock_model import CHANNELS, PLACES, StockModel
from app.presenters.times import number
from app.services.promise import Available


def tabs(model: StockModel) -> tuple[parts.Tab, ...]:
    """Where it lies, or what channels may promise."""
    return (
        parts.Tab(PLACES, say("stock_screen.tab.places"), chosen=model.view == PLACES, press="1"),
        parts.Tab(CHANNELS, say("stock_screen.tab.channels"), chosen=model.view == CHANNELS, press="2"),
    )


def table(channels: Sequence[Available], chosen: str, name: str) -> parts.Table:
    """A row a channel and site: free, less safety stock, less the channel's buffer, is what may be promised."""
    columns = (
        parts.Column(say("stock_screen.column.channel")),
        parts.Column(say("stock_screen.column.site"), 170, wide=True),
        parts.Column(say("stock_screen.column.free"), 90, numbers=True),
        parts.Column(say("stock_screen.column.safety"), 100, numbers=True),
        parts.Column(say("stock_screen.column.buffer"), 100, numbers=True),
        parts.Column(say("stock_screen.column.available"), 130, numbers=True),
    )
    rows = tuple(row for one in channels for row in _rows(one))
    known = {row.key for row in rows}
    return parts.Table(
        name, columns, rows, chosen if chosen in known else rows[0].key if rows else "", two_lines=False,
        empty=say("stock_screen.no_channels"),
    )  # fmt: skip


def _rows(one: Available) -> list[parts.TableRow]:
    """The sum of a channel, then its sites, where there are several."""
    head = parts.TableRow(
        f"c{one.channel.id}:",
        (
            parts.Cell(one.channel.name, strong=True),
            parts.Cell(_site_words(one), quiet=True),
            parts.Cell(number(one.free)),
            parts.Cell(_less(sum(site.safety for site in one.sites))),
            parts.Cell(_less(sum(site.buffer for site in one.sites))),
            parts.Cell(number(one.available), strong=True),
        ),
        Family.OK if one.available else Family.WARN,
    )
    if len(one.sites) < 2:
        return [head]
    return [head] + [
        parts.TableRow(
            f"c{one.channel.id}:{site.source.id}",
            (
                parts.Cell(""),
                parts.Cell(site.source.name, quiet=True),
                parts.Cell(number(site.free), quiet=True),
                parts.Cell(_less(site.safety), quiet=True),
                parts.Cell(_less(site.buffer), quiet=True),
                parts.Cell(number(site.promised), quiet=True),
            ),
        )
        for site in one.sites
    ]


def _site_words(one: Available) -> str:
    if len(one.sites) == 1:
        return one.sites[0].source.name
    return say("stock_screen.sites", count=len(one.sites)) if one.sites else "–"


def _less(units: int) -> str:
    """What is taken off, with its minus."""
    return f"−{number(units)}" if units else "0"
