"""The form that joins a shared database: address, user, password, and how far the server has to prove itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.errors import BadUseError, PickwickError
from app.domain.words import say
from app.models.server_address import ServerAddress, Tls, is_this_machine, parse_address
from app.presenters.state import parts
from app.presenters.state.form import Form

ADDRESS, NAME, USER, PASSWORD, CA_FILE = "address", "database_name", "user", "password", "ca_file"
FIELDS = (ADDRESS, NAME, USER, PASSWORD, CA_FILE)
BESIDE = (NAME, PASSWORD)
_WANTED = (ADDRESS, NAME)
_WHERE = {
    "database.bad_url": ADDRESS,
    "database.no_host": ADDRESS,
    "database.unreachable": ADDRESS,
    "database.wrong_certificate_name": ADDRESS,
    "database.unknown_name": NAME,
    "database.foreign": NAME,
    "database.no_role": USER,
    "database.not_admitted": USER,
    "database.no_right": USER,
    "database.wrong_password": PASSWORD,
    "database.not_trusted": CA_FILE,
    "database.no_ca_file": CA_FILE,
}
"""Which field a failure is about; others are about all of it."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What stands in the form. The password never stands in an address, and never in what is written down."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    tls: Tls = Tls.FULL
    wrong: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""

    @classmethod
    def begun(cls, text: str) -> Joining:
        """A form filled with what an address says; with something else it stands in the first field."""
        return cls().put(ADDRESS, text)

    def keeping(self, before: Joining) -> Joining:
        """With the password of the same user from before: it was hidden as soon as the address held it."""
        user, hidden = before.get(USER), before.get(PASSWORD)
        named = self.get(USER) == user or f"//{user}@" in self.get(ADDRESS)
        if not (user and hidden and named) or self.get(PASSWORD):
            return self
        return replace(self, texts={**self.texts, USER: user, PASSWORD: hidden})

    def put(self, name: str, text: str) -> Joining:
        """One text. A whole address goes into all of the fields."""
        wrong = {other: words for other, words in self.wrong.items() if other != name}
        if name == ADDRESS and ("://" in text or "@" in text):
            try:
                parts_of = parse_address(text)
            except BadUseError:
                pass  # it is being typed
            else:
                return self._filled(parts_of)
        return replace(self, texts={**self.texts, name: text}, wrong=wrong, trouble="")

    def _filled(self, told: ServerAddress) -> Joining:
        server = told.host if told.port == ServerAddress(told.host).port else f"{told.host}:{told.port}"
        found = {ADDRESS: server, NAME: told.database, USER: told.user, PASSWORD: told.password, CA_FILE: told.ca_file}
        texts = {**self.texts, **{name: text for name, text in found.items() if text}}
        return Joining(texts, told.tls)

    def get(self, name: str) -> str:
        """A text without outer blanks; a password as it stands."""
        text = self.texts.get(name, "")
        return text if name == PASSWORD else text.strip()

    @property
    def shown(self) -> str:
        """The address as it may be shown."""
        try:
            return self.address().url(with_password=False)
        except BadUseError:
            return self.get(ADDRESS)

    @property
    def lacks(self) -> str:
        """Why it can't be joined yet; the form asks for the rest of an address that was begun."""
        return "" if self.get(ADDRESS) else say("join.address_first")

    @property
    def whole(self) -> bool:
        """Whether there is enough to try."""
        told = self.told()
        return all(told.get(name) for name in _WANTED)

    def told(self) -> Joining:
        """With the database's name in its field where it was typed behind the server, letter by letter."""
        typed = self.get(ADDRESS)
        if self.get(NAME) or "/" not in typed.strip("/") or typed.startswith("/"):
            return self
        try:
            server = parse_address(typed)
        except BadUseError:
            return self
        return self._filled(replace(server, tls=self.tls) if server.tls is Tls.FULL else server)

    def address(self) -> ServerAddress:
        """What is typed. BadUseError for an address that can't be one."""
        typed = self.get(ADDRESS)
        server = ServerAddress(typed) if typed.startswith("/") else parse_address(typed)
        return replace(
            server, database=self.get(NAME) or server.database, user=self.get(USER), password=self.get(PASSWORD),
            tls=self.tls, ca_file=self.get(CA_FILE),
        )  # fmt: skip

    def checked(self) -> Joining:
        """With what is missing said beside its field."""
        told = self.told()
        wrong = {name: say("join.wanted") for name in _WANTED if not told.get(name)}
        if not wrong:
            try:
                told.address()
            except BadUseError as error:
                wrong[ADDRESS] = say(error.code, **error.values)
        return replace(told, wrong=wrong, trouble="")

    def failed(self, error: PickwickError) -> Joining:
        """With what the try came to, beside the field that it is about."""
        words, name = say(error.code, **error.values), _WHERE.get(error.code)
        if name is None:
            return replace(self, trouble=words)
        return replace(self, wrong={name: words})

    def protected(self, key: str) -> Joining:
        """Another protection of the connection."""
        return replace(self, tls=Tls(key), wrong={}, trouble="")

    def form(self, commands: tuple[parts.Command, ...], title: str = "") -> Form:
        """As it is shown."""
        shown = tuple(
            parts.Field(
                name, say(f"join.field.{name}"), self.texts.get(name, ""), say(f"join.hint.{name}"),
                self.wrong.get(name, ""), secret=name == PASSWORD, code=name != PASSWORD,
            )
            for name in FIELDS
        )  # fmt: skip
        tabs = tuple(parts.Tab(one.value, say(f"join.tls.{one.value}"), chosen=one is self.tls) for one in Tls)
        return Form("join", title, self.protection(), shown, tabs, commands, self.trouble, beside=BESIDE)

    def protection(self) -> str:
        """What the chosen protection is worth; a weaker one says what it leaves open."""
        server = self.get(ADDRESS).rpartition(":")[0] or self.get(ADDRESS)
        here = self.tls is Tls.FULL and is_this_machine(server)
        return say("join.here" if here else f"join.tls.{self.tls.value}.what")
