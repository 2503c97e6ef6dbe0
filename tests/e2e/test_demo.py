"""A short working day: everything that should happen happens, is written down, and every check holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.bootstrap import run_demo
from app.bootstrap.demo import play
from app.bootstrap.demo_packing import Trouble
from app.bootstrap.demo_picking import Mishap
from app.domain.document_samples import sample_document
from app.domain.errors import BadUseError
from app.presenters.office import TABS as OFFICE
from app.settings import Settings
from tests.printing.drawing import codes, draw_pdf, draw_zpl

SCREENS = {
    "first_run", "sign_in", "orders", "orders-hold", "pick", "pick-wrong", "pick-short", "pick-short-left",
    "pick-done", "pack-idle", "packing", "pack-wrong", "pack-too-many", "pack-complete", "returns", "stock", "devices",
    "help", *(f"office-{section}" for section in OFFICE),
}  # fmt: skip
LARGE = {"orders", "pick", "pack-idle", "packing", "pack-complete"}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> tuple[Path, dict[str, Any]]:
    """The folder of a day of two walks, and its report."""
    out = tmp_path_factory.mktemp("demo")
    assert play(Settings(), out, False, ship=12) == 0
    return out, json.loads((out / "report.json").read_text(encoding="utf-8"))


def test_everything_that_should_happen_happened(day: tuple[Path, dict[str, Any]]) -> None:
    _, report = day
    assert report["failed"] == []
    assert report["check"]["violations"] == []
    assert sorted(report["happened"]) == sorted(
        [one.name.lower() for one in Mishap] + [one.name.lower() for one in Trouble]
    )


def test_the_orders_went_where_they_should(day: tuple[Path, dict[str, Any]]) -> None:
    _, report = day
    orders = report["orders"]
    assert sum(orders.values()) == 332
    assert orders == {
        "shipped": 22,
        "cancelled": 1,
        "backordered": 2,
        "closed": 2,
        "captured": 23,  # on hold, the one of the picture among them
        "in_fulfillment": 282,
    }
    assert (report["packed_orders"], report["parcels"], report["labels_printed"]) == (22, 23, 24)
    assert (report["slips_printed"], report["returns"], report["refunds"]) == (23, 2, 2)
    assert (report["short_picks"], len(report["left_short"])) == (2, 1)
    assert report["manifests"] == 2


def test_each_scan_was_journalled_answered_and_stored_once(day: tuple[Path, dict[str, Any]]) -> None:
    _, report = day
    assert report["check"]["acknowledged_scans"] == report["scans"] == report["latency_ms"]["count"]
    assert report["gestures"] == report["scans"] + report["keys"]
    assert report["refusals"] == {
        "pick.wrong_shelf": 1,
        "pick.wrong_item": 1,
        "pick.too_many": 1,
        "pack.on_hold": 1,
        "pack.wrong_item": 1,
        "station.blocked": 1,
        "pack.unknown_code": 1,
        "pack.still_open": 1,
        "pack.too_many": 1,
        "pack.needs_lead": 1,
        "pack.wrong_label": 1,
    }
    assert report["refused_scans"] == 11
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p99"]


def test_every_label_is_there_in_both_languages_and_its_barcode_decodes(day: tuple[Path, dict[str, Any]]) -> None:
    out, report = day
    names = sorted(path.stem for path in (out / "labels").glob("*.zpl"))
    assert len(names) == report["labels_printed"]
    assert names == sorted(path.stem for path in (out / "labels").glob("*.pdf"))
    for name in names:
        tracking = name.partition("-")[0]
        assert tracking in codes(draw_pdf((out / "labels" / f"{name}.pdf").read_bytes())[0])
        assert tracking.encode() in (out / "labels" / f"{name}.zpl").read_bytes()


def test_labels_as_the_printer_got_them_decode_in_an_independent_renderer(day: tuple[Path, dict[str, Any]]) -> None:
    out, _ = day
    paths = sorted((out / "labels").glob("*.zpl"))
    document = sample_document("shipping-label")
    pages = draw_zpl([(path.read_bytes(), document) for path in paths], 203)
    assert len(pages) == len(paths)
    for path, (page,) in zip(paths, pages, strict=True):
        assert path.stem.partition("-")[0] in codes(page)


def test_each_screen_is_pictured_in_light_and_dark(day: tuple[Path, dict[str, Any]]) -> None:
    out, report = day
    assert set(report["screens"]) >= SCREENS
    for name in report["screens"]:
        light, dark = (QImage(str(out / "screens" / f"{name}-{theme}.png")) for theme in ("light", "dark"))
        assert (light.width(), light.height()) == (dark.width(), dark.height()) == (1366, 768)
        assert _brightness(light) > _brightness(dark) + 20, name
    for name in LARGE:
        picture = QImage(str(out / "screens" / f"{name}-dark-1920.png"))
        assert (picture.width(), picture.height()) == (1920, 1080)


def test_a_database_that_is_in_use_is_not_touched(day: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    out, _ = day
    url = f"sqlite:///{(out / 'demo.sqlite3').as_posix()}"
    settings = Settings(database=url, told=frozenset({"database"}))
    with pytest.raises(BadUseError) as refused:
        run_demo(settings, tmp_path / "again", True)
    assert refused.value.code == "demo.database_in_use"


def _brightness(image: QImage) -> float:
    """How bright a picture is on the whole, from 0 to 255."""
    small = image.scaled(32, 18).convertToFormat(QImage.Format.Format_Grayscale8)
    return sum(bytes(small.constBits())) / (32 * 18)


def test_a_folder_with_something_else_in_it_is_not_touched(tmp_path: Path) -> None:
    kept = tmp_path / "journals" / "station-1.journal"
    kept.parent.mkdir()
    kept.write_text("scans", encoding="utf-8")
    with pytest.raises(BadUseError) as refused:
        run_demo(Settings(), tmp_path, True)
    assert refused.value.code == "demo.folder_in_use"
    assert kept.read_text(encoding="utf-8") == "scans"
