"""The command line: reads what is asked for, and imports what that needs only then."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeAlias

from app.commands.flags import number_of, seconds
from app.commands.simulate_device_flags import add_flags
from app.domain.errors import BadUseError, EnvironmentFailure, PickwickError, StateError
from app.domain.words import say
from app.settings import Settings, read_settings

Args: TypeAlias = argparse.Namespace
Run: TypeAlias = Callable[[Args, Settings], int]

DONE, REFUSED, BAD_USE, ENVIRONMENT = 0, 1, 2, 3
FORMATS = (
    "auto", "shopify-orders", "amazon-unshipped", "ebay-orders", "online-retail", "csv-orders", "shopify-products",
    "woocommerce-products", "csv-products", "csv-locations", "csv-stock",
)  # fmt: skip
DOCUMENTS = (
    "shipping-label", "packing-slip", "pick-list", "tote", "location", "product", "badge", "command-sheet", "ok-card",
    "doctor-sheet", "transfer", "supplier-request", "return-label",
)  # fmt: skip
STATION_FLAGS = ("station", "warehouse", "scanner", "scale", "printer", "operator")
LOG_BYTES = 2_000_000


class Joined(argparse.Action):
    """A flag that may stand several times: its values with blanks between them."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Args, values: object, option_string: str | None = None
    ) -> None:
        """Adds one more."""
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, f"{before} {values}" if before else str(values))


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """One line on standard error, and exit status 2."""
        self.exit(BAD_USE, say("cli.bad_use", command=self.prog, fault=message.rstrip(".")) + "\n")


def main(argv: Sequence[str]) -> int:
    """Runs one command; gives the exit status: 0 done, 1 done with refusals, 2 bad use, 3 the environment failed."""
    speak_utf8()
    args = parser().parse_args(argv)
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


# -- what can be asked for --------------------------------------------------------------------------------------------


def parser() -> Parser:
    """All commands with their flags."""
    top = Parser(prog="main.py", description=say("cli.about"))
    _common(top, default=None)
    for name in STATION_FLAGS:
        top.add_argument(f"--{name}", action=Joined if name == "scanner" else "store", help=say(f"cli.flag.{name}"))
    top.add_argument("--sample", action="store_true", help=say("cli.flag.sample"))
    top.set_defaults(run=_station)
    commands = top.add_subparsers(title=say("cli.commands"), metavar="COMMAND", parser_class=Parser)
    _add_import(commands)
    _add(commands, "check", _check, as_json=True)
    _add_release(commands)
    _add_export(commands)
    _add_atp(commands)
    _add_sourcing(commands)
    _add_print(commands)
    _add_supplier_requests(commands)
    migrate = _add(commands, "migrate", _migrate, as_json=True)
    migrate.add_argument("--without-backup", action="store_true", help=say("cli.flag.without_backup"))
    for name, run in (("backup", _backup), ("restore", _restore)):
        command = _add(commands, name, run, as_json=True)
        command.add_argument("file", metavar="FILE", type=Path, help=say(f"cli.flag.{name}_file"))
        if name == "backup":
            command.add_argument("--prove-in", metavar="URL", default="", help=say("cli.flag.prove_in"))
    _add_move(commands)
    add_flags(_add(commands, "simulate-device", _simulate_device, as_json=True))
    _add_simulate(commands)
    demo = _add(commands, "demo", _demo, as_json=True)
    demo.add_argument("--out", metavar="DIR", type=Path, required=True, help=say("cli.flag.out"))
    return top


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def _add(commands: Commands, name: str, run: Run, as_json: bool) -> Parser:
    about = say(f"cli.about.{name}")
    command = commands.add_parser(name, help=about, description=about)
    _common(command, default=argparse.SUPPRESS)
    if as_json:
        command.add_argument("--json", action="store_true", help=say("cli.flag.json"))
    command.set_defaults(run=run)
    return command


def _common(command: Parser, default: str | None) -> None:
    """Flags of every command; a command that is not told leaves what was told before it."""
    command.add_argument("--database", metavar="URL", default=default, help=say("cli.flag.database"))


def _add_import(commands: Commands) -> None:
    command = _add(commands, "import", _import, as_json=True)
    command.add_argument("format", metavar="FORMAT", choices=FORMATS, help=", ".join(FORMATS))
    command.add_argument("file", metavar="FILE", type=Path, help=say("cli.flag.import_file"))
    command.add_argument("--mapping", metavar="FILE", help=say("cli.flag.mapping"))
    command.add_argument("--save-mapping", metavar="NAME", help=say("cli.flag.save_mapping"))
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))
    for name in ("zone", "currency", "encoding"):
        command.add_argument(f"--{name}", default="", help=say(f"cli.flag.{name}"))
    command.add_argument("--progress-json", action="store_true", help=argparse.SUPPRESS)
    command.add_argument("--operator-id", type=int, help=argparse.SUPPRESS)


def _add_move(commands: Commands) -> None:
    command = _add(commands, "move-database", _move_database, as_json=True)
    command.add_argument("source", metavar="FROM", help=say("cli.flag.move_from"))
    command.add_argument("target", metavar="TO", help=say("cli.flag.move_to"))
    command.add_argument("--while-in-use", action="store_true", help=say("cli.flag.while_in_use"))


def _add_release(commands: Commands) -> None:
    command = _add(commands, "release", _release, as_json=True)
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))
    command.add_argument("--totes", type=number_of(1, 12), help=say("cli.flag.totes"))


def _add_sourcing(commands: Commands) -> None:
    command = _add(commands, "sourcing", _sourcing, as_json=True)
    command.add_argument("what", metavar="WHAT", choices=("rules", "plan", "postcodes"), help=say("cli.flag.sourcing"))
    command.add_argument("value", metavar="ORDER|FILE", nargs="?", default="", help=say("cli.flag.sourcing_of"))
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))


def _add_export(commands: Commands) -> None:
    command = _add(commands, "export", _export, as_json=True)
    command.add_argument("what", metavar="WHAT", choices=("orders",), help=say("cli.flag.export_what"))
    command.add_argument("--channel", default="", help=say("cli.flag.channel"))


def _add_atp(commands: Commands) -> None:
    command = _add(commands, "atp", _atp, as_json=True)
    command.add_argument("--channel", required=True, help=say("cli.flag.atp_channel"))
    command.add_argument("--out", metavar="FILE", type=Path, help=say("cli.flag.atp_out"))


def _add_supplier_requests(commands: Commands) -> None:
    command = _add(commands, "supplier-requests", _supplier_requests, as_json=True)
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help=say("cli.flag.supplier_out"))
    command.add_argument("--again", action="store_true", help=say("cli.flag.supplier_again"))


def _add_print(commands: Commands) -> None:
    command = _add(commands, "print", _print, as_json=True)
    command.add_argument("document", metavar="DOCUMENT", choices=DOCUMENTS, help=", ".join(DOCUMENTS))
    command.add_argument("--printer", metavar="URI", default=argparse.SUPPRESS, help=say("cli.flag.printer"))
    command.add_argument("--data", metavar="FILE", type=Path, help=say("cli.flag.data"))
    command.add_argument("--wait", metavar="S", type=seconds, default=20.0, help=say("cli.flag.wait"))


def _add_simulate(commands: Commands) -> None:
    command = _add(commands, "simulate", _simulate, as_json=True)
    command.add_argument("--stations", metavar="N", type=number_of(1, 1000), default=4, help=say("cli.flag.stations"))
    command.add_argument("--seconds", metavar="S", type=seconds, default=30.0, help=say("cli.flag.seconds"))
    command.add_argument("--faults", metavar="FAULTS", default="", help=say("cli.flag.faults"))
    command.add_argument("--pace", metavar="S", type=seconds, default=1.0, help=say("cli.flag.pace"))
    command.add_argument("--processes", metavar="N", type=number_of(1, 1000), default=0, help=say("cli.flag.processes"))
    command.add_argument("--restart-with", metavar="COMMAND", default="", help=say("cli.flag.restart_with"))
    command.add_argument("--copy", action="store_true", help=say("cli.flag.copy"))
    command.add_argument(
        "--sample", action="store_true", default=argparse.SUPPRESS, help=say("cli.flag.simulate_sample")
    )
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))
    command.add_argument("--as-group", action="store_true", help=argparse.SUPPRESS)


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
