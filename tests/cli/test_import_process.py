"""Imports for a window: progress, the end, a stop in the middle, and failures, from a process of their own."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.capture_settings import Mapping
from app.domain.errors import PickwickError
from app.domain.import_report import ImportProgress, ImportReport
from app.models.database import Database
from app.presenters.importer import Cancel, ImportEnd
from app.queries.imports import recent_imports, refused_rows
from app.runtime.import_process import ImportProcess
from tests.cli.running import Cli
from tests.shared_data import shared

HEAD = "order,sku,quantity,name,address1,city,postcode,country\n"
REST = "Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB"


class Screen:
    """Hears of one import on the thread of the test."""

    def __init__(self, url: str) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.importer = ImportProcess(url, "", lambda: None, self.calls.put)
        self.progress: list[ImportProgress] = []
        self.end: ImportEnd | None = None
        self.cancel: Cancel = lambda: None

    def take(self, path: Path, format_name: str = "auto", mapping: Mapping | None = None, stop: bool = False) -> None:
        def on_progress(progress: ImportProgress) -> None:
            self.progress.append(progress)
            if stop and progress.counts.new:
                self.cancel()

        def on_done(end: ImportEnd) -> None:
            self.end = end

        self.cancel = self.importer.start(path, format_name, mapping, on_progress, on_done)
        while self.end is None:
            self.calls.get(timeout=60)()


def test_progress_and_the_end(cli: Cli) -> None:
    screen = Screen(cli.url)
    screen.take(shared("data/channel_exports/shopify_orders_export_1.csv"))
    assert isinstance(screen.end, ImportReport)
    assert (screen.end.state, screen.end.format, screen.end.counts.new) == ("done", "shopify-orders", 40)
    assert screen.progress[-1].percent == 100
    assert screen.progress[-1].allocating
    assert screen.progress[-1].counts.new == 40
    assert [one.bytes_done for one in screen.progress] == sorted(one.bytes_done for one in screen.progress)


def test_a_stop_keeps_what_was_taken_and_the_rest_comes_next_time(cli: Cli) -> None:
    path = shared("data/online_retail/online_retail_2010-12.csv")
    screen = Screen(cli.url)
    screen.take(path, stop=True)
    assert isinstance(screen.end, ImportReport)
    assert screen.end.state == "cancelled"
    taken = screen.end.counts.new
    assert 0 < taken < 1559
    database = Database.open(cli.url)
    (run,) = database.read(recent_imports)
    database.close()
    assert (run.state, run.counts["new"]) == ("cancelled", taken)
    assert len(cli("export", "orders").told["orders"]) == taken
    again = cli("import", "auto", path, "--json").told["counts"]
    assert (again["new"], again["same"]) == (1559 - taken, taken)


def test_refused_rows_and_a_mapping(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("x1;x2;x3\n#7;A1;3\n#8;A1;none\n", encoding="utf-8")
    screen = Screen(cli.url)
    screen.take(path, "csv-orders", Mapping((("order", "x1"), ("sku", "x2"), ("quantity", "x3"))))
    assert isinstance(screen.end, ImportReport)
    assert (screen.end.counts.new, screen.end.counts.refused) == (1, 1)
    (row,) = screen.end.refused
    assert (row.file, row.line, row.code) == ("theirs.csv", 3, "bad_quantity")
    database = Database.open(cli.url)
    (kept,) = database.read(refused_rows)
    database.close()
    assert (kept.refused.line_number, kept.refused.raw.strip()) == (3, "#8;A1;none")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("empty.csv", "", "capture.file.empty"),
        ("odd.csv", "a,b\n1,2\n", "capture.file.format_unknown"),
        ("missing.csv", None, "cli.import.no_file"),
    ],
)
def test_a_file_that_is_not_taken_is_told_with_its_code(
    cli: Cli, tmp_path: Path, name: str, text: str | None, code: str
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    screen = Screen(cli.url)
    screen.take(path)
    assert isinstance(screen.end, PickwickError)
    assert screen.end.code == code
    assert path.name in str(screen.end.values["file"])


def test_a_process_that_does_not_start_is_told(tmp_path: Path) -> None:
    screen = Screen("sqlite:///x.sqlite3")
    screen.importer = ImportProcess("sqlite:///x", "", lambda: None, screen.calls.put, [str(tmp_path / "no-python")])
    screen.take(tmp_path / "file.csv")
    assert isinstance(screen.end, PickwickError)
    assert screen.end.code == "import.not_started"
