"""The command line: reads what is asked for, and imports what that needs only then."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from app.commands.asked import BAD_USE, STATION_FLAGS, Args, Run, parser
from app.domain.errors import BadUseError, EnvironmentFailure, PickwickError, StateError
from app.domain.words import say
from app.settings import Settings, read_settings

DONE, REFUSED, ENVIRONMENT = 0, 1, 3
LOG_BYTES = 2_000_000


def main(argv: Sequence[str]) -> int:
    """Runs one command; gives the exit status: 0 done, 1 done with refusals, 2 bad use, 3 the environment failed."""
    speak_utf8()
    args = parser(RUNS).parse_args(argv)
    as_json = bool(getattr(args, "json", False))
    settings: Settings | None = None
    try:
        settings = read_settings(_flags(args))
        _begin_log(settings)
        settings = _with_password(settings)
        run: Run = args.run
        return run(args, settings)
    except PickwickError as error:
        return _failed(error, as_json)
    except KeyboardInterrupt:
        print(say("cli.stopped"), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # Whoever read our output has seen enough; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (MemoryError, OSError) as error:
        logging.getLogger(__name__).exception("the environment failed")
        return _failed(EnvironmentFailure("cli.environment", reason=str(error) or type(error).__name__), as_json)
    except Exception:
        logging.getLogger(__name__).exception("a fault of ours")
        return _failed(StateError("cli.our_fault", log=str(settings.log_file) if settings else "-"), as_json)


def _with_password(settings: Settings) -> Settings:
    """The address of a database server as it is kept has no password: that lies in the key ring."""
    if not settings.database.startswith("postgres"):
        return settings
    from app.passwords import Passwords

    return replace(settings, database=Passwords(settings.config_file.parent).complete(settings.database))


def speak_utf8() -> None:
    """Files and pipes get UTF-8 whatever the machine's habit is; a terminal that lacks a sign shows its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _failed(error: PickwickError, as_json: bool) -> int:
    sentence = say(error.code, **error.values)
    logging.getLogger(__name__).info("%s: %s", error.code, sentence)
    print(sentence, file=sys.stderr)
    if as_json:
        values = {name: str(value) for name, value in error.values.items()}
        told = {"code": error.code, "message": sentence, "values": values}
        print(json.dumps({"error": told}, ensure_ascii=False))
    if isinstance(error, BadUseError):
        return BAD_USE
    return ENVIRONMENT if isinstance(error, EnvironmentFailure) or not _about_a_file(error) else BAD_USE


def _about_a_file(error: PickwickError) -> bool:
    """A file that can't be taken is bad use, one that can't be read a failure of the environment."""
    return error.code.startswith("capture.file.") and error.code != "capture.file.unreadable"


def _flags(args: Args) -> dict[str, object]:
    return {name: getattr(args, name, None) for name in (*STATION_FLAGS, "database", "sample")}


def _begin_log(settings: Settings) -> None:
    """A file for faults; without a place to write it, only the sentences on the screen remain."""
    try:
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        if settings.log_file.exists() and settings.log_file.stat().st_size > LOG_BYTES:
            settings.log_file.replace(settings.log_file.with_name("pickwick.log.1"))
        handler: logging.Handler = logging.FileHandler(settings.log_file, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


# -- what is done -----------------------------------------------------------------------------------------------------


def _station(args: Args, settings: Settings) -> int:
    from app.commands.screen import missing_screen

    missing = missing_screen()
    if missing:
        raise EnvironmentFailure(missing)
    from app import bootstrap

    return bootstrap.run_station(settings)


def _demo(args: Args, settings: Settings) -> int:
    from app import bootstrap

    return bootstrap.run_demo(settings, args.out, args.json)


def _import(args: Args, settings: Settings) -> int:
    from app.commands import import_file

    wanted = import_file.Wanted(
        args.format, args.file, args.mapping or "", args.save_mapping or "",
        args.zone, args.currency, args.encoding, args.operator_id,
    )  # fmt: skip
    return import_file.run(settings, wanted, args.json, args.progress_json)


def _check(args: Args, settings: Settings) -> int:
    from app.commands import check

    return check.run(settings, args.json)


def _release(args: Args, settings: Settings) -> int:
    from app.commands import release

    return release.run(settings, args.totes, args.json)


def _sourcing(args: Args, settings: Settings) -> int:
    from app.commands import sourcing

    return sourcing.run(settings, sourcing.Wanted(args.what, args.value), args.json)


def _export(args: Args, settings: Settings) -> int:
    from app.commands import export

    return export.run(settings, args.channel)


def _atp(args: Args, settings: Settings) -> int:
    from app.commands import atp

    return atp.run(settings, args.channel, args.out, args.json)


def _supplier_requests(args: Args, settings: Settings) -> int:
    from app.commands import supplier_requests

    return supplier_requests.run(settings, args.out, args.again, args.json)


def _print(args: Args, settings: Settings) -> int:
    from app.commands import print_document

    return print_document.run(settings, args.document, args.data, args.wait, args.json)


def _simulate_device(args: Args, _settings: Settings) -> int:
    from app.commands import simulate_device

    wanted = simulate_device.Wanted(
        args.kind, args.listen, args.link, args.protocol, args.unit, args.weight, args.settle, tuple(args.codes),
        args.suffix, args.prefix, args.gap, args.wait, args.language, args.out, args.state, args.paper,
    )  # fmt: skip
    return simulate_device.run(wanted, args.json)


def _simulate(args: Args, settings: Settings) -> int:
    from app.commands import simulate

    if args.as_group:
        return simulate.as_group(settings)
    plan = simulate.plan_of(args.stations, args.seconds, args.pace, args.faults, args.processes, args.restart_with)
    return simulate.run(settings, plan, args.json, args.copy)


def _migrate(args: Args, settings: Settings) -> int:
    from app.commands import migrate

    return migrate.run(settings, args.without_backup, args.json)


def _backup(args: Args, settings: Settings) -> int:
    from app.commands import backup
    from app.passwords import Passwords

    prove_in = Passwords(settings.config_file.parent).complete(args.prove_in)
    return backup.run_backup(settings, args.file, prove_in, args.json)


def _restore(args: Args, settings: Settings) -> int:
    from app.commands import backup

    return backup.run_restore(settings, args.file, args.json)


def _move_database(args: Args, settings: Settings) -> int:
    from app.commands import move_database
    from app.passwords import Passwords

    passwords = Passwords(settings.config_file.parent)
    source, target = passwords.complete(args.source), passwords.complete(args.target)
    return move_database.run(settings, source, target, args.while_in_use, args.json)


RUNS: Mapping[str, Run] = MappingProxyType(
    {
        "": _station,
        "import": _import,
        "check": _check,
        "release": _release,
        "export": _export,
        "atp": _atp,
        "sourcing": _sourcing,
        "print": _print,
        "supplier-requests": _supplier_requests,
        "migrate": _migrate,
        "backup": _backup,
        "restore": _restore,
        "move-database": _move_database,
        "simulate-device": _simulate_device,
        "simulate": _simulate,
        "demo": _demo,
    }
)
"""What does each command, by its name; the empty one opens the station."""
