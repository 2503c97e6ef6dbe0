"""Office, Import: its lists and figures in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.import_report import ImportCounts
from app.domain.words import say, say_count
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.presenters.times import day_or_clock
from app.queries.imports import ImportRow, RefusedEntry

TABLE = "import"


def row_table(listed: Sequence[RefusedEntry], chosen: RefusedEntry | None, full: bool) -> parts.Table:
    """The rows that wait to be mended."""
    columns = (
        parts.Column(say("office_screen.column.file"), 190),
        parts.Column(say("office_screen.column.line"), 64, numbers=True),
        parts.Column(say("office_screen.column.reason")),
        parts.Column(say("office_screen.column.row"), 240, wide=True),
    )
    rows = tuple(
        parts.TableRow(
            str(entry.row_id),
            (
                parts.Cell(entry.refused.file, say(f"office_screen.format.{entry.refused.format}"), strong=True),
                parts.Cell(str(entry.refused.line_number)),
                parts.Cell(reason_words(entry), entry.refused.order_number),
                parts.Cell(" ".join(entry.refused.raw.split())[:200], code=True, quiet=True),
            ),
            Family.WARN,
        )
        for entry in listed
    )
    key = str(chosen.row_id) if chosen else ""
    return parts.Table(TABLE, columns, rows, key, full, empty=say("office_screen.import.none_refused"))


def run_table(listed: Sequence[ImportRow], now: datetime, zone: ZoneInfo) -> parts.Table:
    """The last imports, and what came of each."""
    columns = (
        parts.Column(say("office_screen.column.when"), 110),
        parts.Column(say("office_screen.column.file")),
        parts.Column(say("office_screen.column.result"), 360),
        parts.Column(say("office_screen.column.refused"), 90, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(run.import_id),
            (
                parts.Cell(day_or_clock(run.started_at, now, zone)),
                parts.Cell(run.file_name, say(f"office_screen.format.{run.format}"), strong=True),
                parts.Cell(
                    say(f"office_screen.import.state.{run.state}"), counts_words(ImportCounts.from_json(run.counts))
                ),
                parts.Cell(str(run.open_rows)),
            ),
        )
        for run in listed
    )
    return parts.Table("runs", columns, rows, empty=say("office_screen.import.none_yet"))


def reason_words(entry: RefusedEntry) -> str:
    """Why a row was refused."""
    return say(f"capture.refused.{entry.refused.code}", **dict(entry.refused.values))


def counts_words(counts: ImportCounts) -> str:
    """What came of a file, in one line."""
    found = [say_count(f"office_screen.count.{name}", count) for name, count in counts.numbers.items() if count]
    skipped = sum(counts.skipped.values())
    if skipped:
        found.append(say_count("office_screen.count.skipped", skipped))
    return ", ".join(found) or say("office_screen.count.nothing")


def count_facts(counts: ImportCounts) -> tuple[parts.Fact, ...]:
    """What came of a file, as facts."""
    told = {**counts.numbers, "skipped": sum(counts.skipped.values())}
    return tuple(
        parts.Fact(
            say(f"office_screen.fact.{name}"),
            str(told[name]),
            family=Family.WARN if name == "refused" and told[name] else None,
            icon="warning" if name == "refused" and told[name] else "",
        )
        for name in ("new", "same", "changed", "refused", "skipped", "allocated", "backordered")
    )
