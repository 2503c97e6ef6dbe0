"""All formats of files, by name, and finding out which one a file is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from app.domain.capture import Captured, FileRefused, FormatReader, Pairs, RefusedRow
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.amazon.orders import AmazonUnshipped
from app.integrations.channels.ebay.orders import EbayOrders
from app.integrations.channels.generic.orders import CsvOrders
from app.integrations.channels.generic.places import CsvLocations, CsvStock
from app.integrations.channels.generic.products import CsvProducts
from app.integrations.channels.online_retail.orders import OnlineRetail
from app.integrations.channels.shopify.orders import ShopifyOrders
from app.integrations.channels.shopify.products import ShopifyProducts
from app.integrations.channels.tabular.reader import Format, TableReader
from app.integrations.channels.tabular.table import Opening
from app.integrations.channels.woocommerce.products import WooCommerceProducts

AUTO = "auto"


def readers() -> Mapping[str, FormatReader]:
    """A reader for each format of the command line, `auto` among them."""
    known = {format_.name: TableReader(format_) for format_ in _formats()}
    return {**known, AUTO: AutoReader(known)}


def _formats(sure: bool = False) -> tuple[Format, ...]:
    """The most particular first: a channel's own headings before what any table may have."""
    return (
        ShopifyOrders(), AmazonUnshipped(), EbayOrders(), OnlineRetail(), ShopifyProducts(), WooCommerceProducts(),
        CsvOrders(), CsvStock(), CsvProducts(), CsvLocations(sure),
    )  # fmt: skip


def detect(path: Path, settings: ReadSettings | None = None) -> str:
    """The name of the format that a file is in.

    Raises FileRefused: format_unknown, no_table where nothing looks like headings, or what is wrong with the file.
    """
    settings = settings or ReadSettings()
    opening = Opening(path, settings)
    found = ""
    for format_ in _formats(sure=True):
        try:
            opening.sheet(partial(format_.missing, settings=settings), format_.quoted)
            return format_.name
        except FileRefused as refusal:
            found = found or str(refusal.values.get("found", ""))
    if not found:
        raise FileRefused("capture.file.no_table", file=path.name)
    raise FileRefused("capture.file.format_unknown", file=path.name, found=found)


class AutoReader:
    """Finds out the format, then reads in it; refused rows carry the format that was found."""

    name = AUTO

    def __init__(self, known: Mapping[str, FormatReader]) -> None:
        self._known = known

    def read(self, path: Path, settings: ReadSettings) -> Iterator[Captured]:
        """See FormatReader."""
        yield from self._known[detect(path, settings)].read(path, settings)

    def retry(self, refused: RefusedRow, mended: str | None = None) -> Iterator[Captured]:
        """See FormatReader."""
        yield from self._known[refused.format].retry(refused, mended)

    def refuse(self, path: Path, settings: ReadSettings, unstorable: Mapping[int, Pairs]) -> Iterator[RefusedRow]:
        """See FormatReader."""
        yield from self._known[detect(path, settings)].refuse(path, settings, unstorable)
