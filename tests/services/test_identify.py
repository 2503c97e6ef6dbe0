"""A scanned code names its product however it was written: in another length, as a case, with a wrong check digit."""

from __future__ import annotations

import pytest

from app.domain.barcodes import read_code
from app.domain.capture import ProductCode
from app.services.capture.products import add_codes
from app.services.identify import NamedKind, identify
from tests.builders import World
from tests.builders import world as world


def coded(world: World, sku: str, *codes: ProductCode) -> int:
    product = world.product(sku)
    world.write(lambda session: add_codes(session, {product: list(codes)}))
    return product


def named(world: World, scanned: str | bytes) -> list[tuple[int, int]]:
    code = read_code(scanned)
    found = world.database.read(lambda session: identify(session, code, world.warehouse_id))
    return [(one.ref, one.quantity) for one in found if one.kind is NamedKind.PRODUCT]


@pytest.mark.parametrize(
    "scanned",
    [
        "036000291452",
        "0036000291452",
        "00036000291452",
        "]E00036000291452",
        "]C10100036000291452",
        "(01)00036000291452(10)L7",
        "https://example.com/01/036000291452/10/L7",
        b"]d20100036000291452\x1d21S1\r\n",
        "36000291452",
    ],
)
def test_one_article_however_it_is_scanned(world: World, scanned: str | bytes) -> None:
    product = coded(world, "CUP", ProductCode("036000291452", "gtin"))
    assert named(world, scanned) == [(product, 1)]


def test_a_case_counts_for_what_is_in_it(world: World) -> None:
    product = coded(world, "CUP", ProductCode("5901234123457", "gtin"), ProductCode("15901234123454", "case", 12))
    assert named(world, "5901234123457") == [(product, 1)]
    assert named(world, "15901234123454") == [(product, 12)]
    assert named(world, "]C1011590123412345410L7") == [(product, 12)]


@pytest.mark.parametrize(
    ("catalogue", "scanned"),
    [
        ("2012345678901", "2012345678901"),
        ("036000291453", "0036000291453"),
        ("0036000291453", "036000291453"),
        ("36000291453", "036000291453"),
        ("36000291452", "036000291452"),
        ("12345678", "12345678"),
        ("042100005264", "04252614"),
        ("042100005264", "425261"),
    ],
)
def test_a_stores_code_is_found_whatever_its_check_digit(world: World, catalogue: str, scanned: str) -> None:
    product = coded(world, "CUP", ProductCode(catalogue, "gtin"))
    coded(world, "OTHER", ProductCode("5901234123457", "gtin"))
    assert named(world, scanned) == [(product, 1)]


def test_what_nobody_has_names_nothing(world: World) -> None:
    coded(world, "CUP", ProductCode("5901234123457", "gtin"))
    assert named(world, "5901234123458") == []
    assert named(world, b"\xff\x00") == []


def test_a_place_with_a_products_number_is_found_beside_it(world: World) -> None:
    """Which is meant is asked, or known from the work; where a product is counted, no more is looked for."""
    product = coded(world, "CUP", ProductCode("036000291452", "gtin"))
    place = world.location("036000291452")
    code = read_code("036000291452")

    def kinds(items: bool) -> list[tuple[NamedKind, int]]:
        found = world.database.read(lambda session: identify(session, code, world.warehouse_id, items=items))
        return [(one.kind, one.ref) for one in found]

    assert kinds(items=False) == [(NamedKind.PRODUCT, product), (NamedKind.LOCATION, place)]
    assert kinds(items=True) == [(NamedKind.PRODUCT, product)]


def test_a_place_with_a_products_number_that_no_product_has_is_found_where_items_are_counted(world: World) -> None:
    place = world.location("036000291452")
    code = read_code("036000291452")
    found = world.database.read(lambda session: identify(session, code, world.warehouse_id, items=True))
    assert [(one.kind, one.ref) for one in found] == [(NamedKind.LOCATION, place)]
