"""Help: what can be scanned, what each command means, and the cards to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.domain.clock import Clock
from app.domain.commands import Command, Group, command_of, commands_in
from app.domain.documents import DocumentKind
from app.domain.outcomes import Change, Outcome
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices
from app.presenters.runner import Runner
from app.presenters.state import help, parts
from app.presenters.station_info import StationInfo
from app.services import print_jobs

TABLE = "commands"
_CARDS: Mapping[Command | None, DocumentKind] = {
    Command.PRINT_SHEET: DocumentKind.COMMAND_SHEET,
    Command.PRINT_OK_CARD: DocumentKind.OK_CARD,
}


class HelpPresenter:
    """Implements Intents and `desk_page.DeskPage`."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        new_id: Callable[[], str],
        on_state: Callable[[help.Help], None],
        send: Callable[[str], None],
    ) -> None:
        """`send` hands a command to the station."""
        self._database, self._runner, self._station, self._clock = database, runner, station, clock
        self._new_id, self._on_state, self._send = new_id, on_state, send
        self._group, self._said = Group.ANSWER, ""

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """It is shown now."""
        self._station, self._said = station, ""
        self._publish()

    def leave(self) -> None:
        """Nothing runs on."""

    def answered(self, outcome: Outcome) -> None:
        """What a scanned code would do stands in the table; the answer says why it did nothing here."""
        if outcome.refused:
            self._said = say(outcome.code, **outcome.values)
            self._publish()

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        if self._said == say(told.code, **told.values):
            self._said = say(instead.code, **instead.values) if instead is not None else ""
            self._publish()

    def minute(self) -> None:
        """Nothing here counts minutes."""

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows do not concern it."""

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self._send(raw)

    def command(self, code: str) -> None:
        """Prints a card, or does what the station's command says."""
        if not self.local(code):
            self._send(code)

    def local(self, code: str) -> bool:
        """Prints a card; False for a code that means something elsewhere."""
        document = _CARDS.get(command_of(code))
        if document is not None:
            self._print(document)
        return document is not None

    def refused(self, code: str, reason: str) -> None:
        """Says why not."""
        self._said = reason
        self._publish()

    def key(self, name: str) -> None:
        """Esc goes back to work; digits choose a group, 0 the tenth."""
        if name == "Esc":
            self._send(Command.GO_HOME.code)
        elif name.isdecimal() and len(name) == 1 and (int(name) or 10) <= len(Group):
            self.choose("tabs", tuple(Group)[(int(name) or 10) - 1].value, True)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """There are no fields."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A group."""
        if what == "tabs":
            self._group = Group(key)
            self._publish()

    def more(self, what: str) -> None:
        """The table is whole."""

    def _print(self, document: DocumentKind) -> None:
        actor = self._station.actor(self._clock())
        key = f"help-{self._new_id()}"
        self._runner.command(
            lambda: self._database.write(lambda s: print_jobs.queue(s, actor, key, document.value, {})),
            lambda _: self._printed(document),
            self._failed,
        )

    def _printed(self, document: DocumentKind) -> None:
        self._said = say("help.printed", document=say(f"help.document.{document.value}"))
        self._publish()

    def _failed(self, error: Exception) -> None:
        self._said = notices.failure(error).words
        self._publish()

    def _publish(self) -> None:
        self._on_state(help_state(self._group, self._said))


def help_state(group: Group, said: str) -> help.Help:
    """The whole screen for one group of commands."""
    tabs = tuple(
        parts.Tab(one.value, say(f"command.group.{one.value}"), chosen=one is group, press=str(number % 10))
        for number, one in enumerate(Group, start=1)
    )
    columns = (
        parts.Column(say("help.column.command"), 240),
        parts.Column(say("help.column.code"), 170),
        parts.Column(say("help.column.meaning")),
    )
    rows = tuple(
        parts.TableRow(
            command.code,
            (
                parts.Cell(say(command.name_key), strong=True),
                parts.Cell(command.code, code=True),
                parts.Cell(say(command.meaning_key)),
            ),
        )
        for command in commands_in(group)
    )
    commands = parts.CommandBar(
        (
            parts.Command(Command.PRINT_SHEET.code, say("help.sheet"), "S", say("help.sheet.hint"), icon="printer"),
            parts.Command(Command.PRINT_OK_CARD.code, say("help.ok_card"), "K", icon="printer"),
            parts.Command(Command.GO_HOME.code, say("help.back"), "Esc", kind=parts.Kind.PRIMARY, right=True),
        )
    )
    banner = parts.Banner(say("help.order"), said or say("help.detail"), icon="question")
    head = parts.CardHead(say(f"command.group.{group.value}"), "list-dashes", say("help.count", count=len(rows)))
    table = replace(parts.Table(TABLE, columns, rows), two_lines=False)
    return help.Help(banner, tabs, head, table, commands)
