"""`simulate`: many stations with simulated people on a real database, with faults on demand, and `check` at the end."""

from __future__ import annotations

from app.bootstrap.ready import formats
from app.bootstrap.simulate import Report, simulate
from app.bootstrap.simulate_house import has_goods_and_orders, is_made_for_it, mark
from app.bootstrap.simulate_plan import Fault, Plan, faults_of
from app.bootstrap.simulate_process import run_group
from app.commands.opening import answer, migrated, opened
from app.domain.clock import utc_now
from app.domain.errors import BadUseError
from app.domain.words import say, say_count
from app.models.database import Database
from app.runtime.sample import load_sample
from app.services.setup import database_id, is_set_up
from app.settings import Settings

MOST_SENTENCES = 50


def run(settings: Settings, plan: Plan, as_json: bool, copy: bool = False) -> int:
    """Exit status 1 when something broke, was lost, or `check` finds a violation.

    Raises BadUseError for a database that is not made for it, unless it is said to be a `copy`.
    """
    if settings.sample:
        _sample(settings)
    with opened(settings, must_be_there=True) as at:
        if not has_goods_and_orders(at.database):
            raise BadUseError("simulate.nothing_there")
        if copy:
            mark(at.database)
        elif not is_made_for_it(at.database):
            raise BadUseError("simulate.not_made_for_it")
        journals = settings.journal_folder(at.database.write(database_id))
        journals.mkdir(parents=True, exist_ok=True)
        report = simulate(at.database, settings.database, at.warehouse_id, plan, journals, utc_now)
    answer(as_json, report.to_json(), *_sentences(report))
    return 0 if report.sound else 1


def plan_of(stations: int, seconds: float, pace: float, faults: str, processes: int, restart: str) -> Plan:
    """From the words of the command line. Raises BadUseError for a fault that there is not, or can't be made."""
    wanted = faults_of(faults)
    if Fault.RESTART in wanted and not restart.strip():
        raise BadUseError("simulate.restart_how")
    return Plan(stations, seconds, pace, wanted, processes, restart)


def as_group(settings: Settings) -> int:
    """One of the processes that `run` begins."""
    return run_group(settings)


def _sample(settings: Settings) -> None:
    """The sample warehouse, in a database that has no other."""
    database = Database.open(settings.database)
    try:
        migrated(database, settings)
        if not database.read(is_set_up) or not has_goods_and_orders(database):
            load_sample(database, formats(), utc_now())
            mark(database)  # nobody worked here before
    finally:
        database.close()


def _sentences(report: Report) -> list[str]:
    told, tally = report.to_json(), report.tally
    lines = [
        say("simulate.worked", stations=report.plan.stations, seconds=round(report.seconds), scans=tally.scans,
            rate=told["scans_per_second"], orders=tally.orders),
        say("simulate.answers", **_times(told["scan_ms"])),
        say("simulate.feed", **_times(told["feed_ms"])),
        say("simulate.faults", killed=report.killed, cut=report.cut, restarted=report.restarted,
            cancelled=report.office.cancelled,
            held=report.office.held, replayed=tally.replayed),
        say("simulate.gestures", journalled=report.journalled, stored=report.stored, unsent=report.unsent),
    ]  # fmt: skip
    lines += [say("simulate.refused", code=code, count=count) for code, count in sorted(tally.refusals.items())]
    lines += [say("simulate.broke", what=what) for what in report.broken[:MOST_SENTENCES]]
    lines += [say(one.code, subject_id=one.subject_id, **one.detail) for one in report.violations[:MOST_SENTENCES]]
    count = len(report.violations)
    return [*lines, say_count("cli.check.broken", count) if count else say("cli.check.sound")]


def _times(told: object) -> dict[str, object]:
    times = told if isinstance(told, dict) else {}
    return {name: "-" if value is None else value for name, value in times.items()}
