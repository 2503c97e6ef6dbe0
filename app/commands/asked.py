"""What can be asked for on the command line: the commands, their flags, and what is said of each."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn, TypeAlias

from app.commands.flags import number_of, seconds
from app.commands.simulate_device_flags import add_flags
from app.domain.words import say
from app.settings import Settings

Args: TypeAlias = argparse.Namespace
Run: TypeAlias = Callable[[Args, Settings], int]
BAD_USE = 2
FORMATS = (
    "auto", "shopify-orders", "amazon-unshipped", "ebay-orders", "online-retail", "csv-orders", "shopify-products",
    "woocommerce-products", "csv-products", "csv-locations", "csv-stock",
)  # fmt: skip
DOCUMENTS = (
    "shipping-label", "packing-slip", "pick-list", "tote", "location", "product", "badge", "command-sheet", "ok-card",
    "doctor-sheet", "transfer", "supplier-request", "return-label",
)  # fmt: skip
STATION_FLAGS = ("station", "warehouse", "scanner", "scale", "printer", "operator")


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


def parser(runs: Mapping[str, Run]) -> Parser:
    """All commands with their flags; `runs` does them by name, and with an empty one opens the station."""
    top = Parser(prog="main.py", description=say("cli.about"))
    _common(top, default=None)
    for name in STATION_FLAGS:
        top.add_argument(f"--{name}", action=Joined if name == "scanner" else "store", help=say(f"cli.flag.{name}"))
    top.add_argument("--sample", action="store_true", help=say("cli.flag.sample"))
    top.set_defaults(run=runs[""])
    commands = top.add_subparsers(title=say("cli.commands"), metavar="COMMAND", parser_class=Parser)
    _add_import(commands, runs)
    _add(commands, "check", runs)
    _add_release(commands, runs)
    _add_export(commands, runs)
    _add_atp(commands, runs)
    _add_sourcing(commands, runs)
    _add_print(commands, runs)
    _add_supplier_requests(commands, runs)
    migrate = _add(commands, "migrate", runs)
    migrate.add_argument("--without-backup", action="store_true", help=say("cli.flag.without_backup"))
    for name in ("backup", "restore"):
        command = _add(commands, name, runs)
        command.add_argument("file", metavar="FILE", type=Path, help=say(f"cli.flag.{name}_file"))
        if name == "backup":
            command.add_argument("--prove-in", metavar="URL", default="", help=say("cli.flag.prove_in"))
    _add_move(commands, runs)
    add_flags(_add(commands, "simulate-device", runs))
    _add_simulate(commands, runs)
    demo = _add(commands, "demo", runs)
    demo.add_argument("--out", metavar="DIR", type=Path, required=True, help=say("cli.flag.out"))
    return top


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def _add(commands: Commands, name: str, runs: Mapping[str, Run]) -> Parser:
    about = say(f"cli.about.{name}")
    command = commands.add_parser(name, help=about, description=about)
    _common(command, default=argparse.SUPPRESS)
    command.add_argument("--json", action="store_true", help=say("cli.flag.json"))
    command.set_defaults(run=runs[name])
    return command


def _common(command: Parser, default: str | None) -> None:
    """Flags of every command; a command that is not told leaves what was told before it."""
    command.add_argument("--database", metavar="URL", default=default, help=say("cli.flag.database"))


def _add_import(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "import", runs)
    command.add_argument("format", metavar="FORMAT", choices=FORMATS, help=", ".join(FORMATS))
    command.add_argument("file", metavar="FILE", type=Path, help=say("cli.flag.import_file"))
    command.add_argument("--mapping", metavar="FILE", help=say("cli.flag.mapping"))
    command.add_argument("--save-mapping", metavar="NAME", help=say("cli.flag.save_mapping"))
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))
    for name in ("zone", "currency", "encoding"):
        command.add_argument(f"--{name}", default="", help=say(f"cli.flag.{name}"))
    command.add_argument("--progress-json", action="store_true", help=argparse.SUPPRESS)
    command.add_argument("--operator-id", type=int, help=argparse.SUPPRESS)


def _add_move(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "move-database", runs)
    command.add_argument("source", metavar="FROM", help=say("cli.flag.move_from"))
    command.add_argument("target", metavar="TO", help=say("cli.flag.move_to"))
    command.add_argument("--while-in-use", action="store_true", help=say("cli.flag.while_in_use"))


def _add_release(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "release", runs)
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))
    command.add_argument("--totes", type=number_of(1, 12), help=say("cli.flag.totes"))


def _add_sourcing(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "sourcing", runs)
    command.add_argument("what", metavar="WHAT", choices=("rules", "plan", "postcodes"), help=say("cli.flag.sourcing"))
    command.add_argument("value", metavar="ORDER|FILE", nargs="?", default="", help=say("cli.flag.sourcing_of"))
    command.add_argument("--warehouse", default=argparse.SUPPRESS, help=say("cli.flag.warehouse"))


def _add_export(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "export", runs)
    command.add_argument("what", metavar="WHAT", choices=("orders",), help=say("cli.flag.export_what"))
    command.add_argument("--channel", default="", help=say("cli.flag.channel"))


def _add_atp(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "atp", runs)
    command.add_argument("--channel", required=True, help=say("cli.flag.atp_channel"))
    command.add_argument("--out", metavar="FILE", type=Path, help=say("cli.flag.atp_out"))


def _add_supplier_requests(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "supplier-requests", runs)
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help=say("cli.flag.supplier_out"))
    command.add_argument("--again", action="store_true", help=say("cli.flag.supplier_again"))


def _add_print(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "print", runs)
    command.add_argument("document", metavar="DOCUMENT", choices=DOCUMENTS, help=", ".join(DOCUMENTS))
    command.add_argument("--printer", metavar="URI", default=argparse.SUPPRESS, help=say("cli.flag.printer"))
    command.add_argument("--data", metavar="FILE", type=Path, help=say("cli.flag.data"))
    command.add_argument("--wait", metavar="S", type=seconds, default=20.0, help=say("cli.flag.wait"))


def _add_simulate(commands: Commands, runs: Mapping[str, Run]) -> None:
    command = _add(commands, "simulate", runs)
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
