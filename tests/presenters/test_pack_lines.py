"""What the bench says of lines: in an order of 500 of them, and of a product in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.work import ItemRef, OrderHead, PackLine, PackWork
from app.presenters.pack_model import PackModel
from app.presenters.pack_parts import LINES_SHOWN, item_words, line_list, line_row
from app.presenters.state.parts import Family
from tests.builders import NOW

HEAD = OrderHead(1, "#1", ("Ada",), "Ada", "standard", NOW)


def line(number: int, required: int, packed: int) -> PackLine:
    return PackLine(number, ItemRef(1000 + number, f"SKU-{number}", f"Goods {number}"), required, packed)


def model(*lines: PackLine, recent: int | None = None) -> PackModel:
    return PackModel(PackWork(1, HEAD, lines, ()), recent_line=recent)


def shown(now: PackModel, marked: Family | None = None) -> list[tuple[str, str, str]]:
    return [(row.sku, row.packed, row.family.value) for row in line_list(now, marked=marked).rows]


def test_the_scanned_line_comes_first_then_begun_ones_then_those_to_do_and_done_ones() -> None:
    now = model(line(1, 2, 2), line(2, 3, 0), line(3, 3, 1), line(4, 2, 1), recent=4)
    assert shown(now) == [
        ("SKU-4", "1", "warn"), ("SKU-3", "1", "warn"), ("SKU-2", "0", "todo"), ("SKU-1", "2", "ok"),
    ]  # fmt: skip
    assert shown(now, Family.OVER)[0] == ("SKU-4", "1", "over")
    assert line_list(now).fold == ""


def test_done_lines_of_a_long_order_fold_but_the_one_just_scanned() -> None:
    lines = [line(number, 1, 1 if number <= 3 else 0) for number in range(1, 9)]
    found = line_list(model(*lines, recent=3))
    assert [row.sku for row in found.rows] == ["SKU-3", "SKU-4", "SKU-5", "SKU-6", "SKU-7", "SKU-8"]
    assert found.fold == "2 more lines, all done"


def test_an_order_of_500_lines_compares_no_line_with_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = tuple(line(number, 2, 2 if number % 2 else 0) for number in range(500))
    line_row.cache_clear()  # rows of other tests share places in it
    line_list(model(*lines))
    compared = 0
    equal = PackLine.__eq__

    def counting(self: PackLine, other: object) -> bool:
        nonlocal compared
        compared += 1
        return equal(self, other)

    monkeypatch.setattr(PackLine, "__eq__", counting)
    scanned = tuple(replace(one, packed=1) if one.line_id == 40 else one for one in lines)
    found = line_list(model(*scanned, recent=40))
    assert (len(found.rows), found.rows[0].sku) == (LINES_SHOWN, "SKU-40")
    assert compared <= 10


def test_lines_that_look_alike_in_number_and_count_are_still_different() -> None:
    assert line(1, 2, 1) != line(1, 3, 1)
    assert hash(line(1, 2, 1)) == hash(line(1, 3, 1))
    assert shown(model(line(1, 2, 1)))[0] == ("SKU-1", "1", "warn")
    assert line_list(model(line(1, 3, 1))).rows[0].required == "3"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("WHITE HANGING HEART", "white hanging heart"),
        ("Bürste aus Buche", "Bürste aus Buche"),
        ("T-Shirt XL", "T-Shirt XL"),
    ],
)
def test_a_name_all_in_capitals_is_said_in_small_letters(name: str, said: str) -> None:
    assert item_words(ItemRef(1, "A-1", name)) == said
