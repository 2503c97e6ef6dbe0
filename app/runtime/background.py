"""What happens after the commit: labels are bought, documents printed, logs checkpointed; each on its own thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from app.domain.clock import Clock
from app.domain.documents import DocumentKind
from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.domain.ports import BoughtLabel, Carrier, CarrierRefusedError, CarrierUnknownError
from app.models.database import Database, Session
from app.presenters.gateway import LABEL_HELD, JobEvent
from app.queries.supplier_requests import suppliers_wait
from app.runtime.ahead_notes import AheadNotes, Printed
from app.runtime.print_worker import DocumentPrinter, PrintWorker
from app.services import ahead, label_voids, labels, open_labels
from app.services.actor import Actor
from app.services.capture import interrupted
from app.services.check_chains import seal_chains
from app.services.drop_ship import ask_suppliers
from app.services.release import release
from app.services.settings_store import floor_settings
from app.services.word_index import merge_by_hand, merge_words

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
ASK_SECONDS = 10.0
SEAL_SECONDS = 240.0
RELEASE_SECONDS = 15.0
RELEASED_AT_ONCE = 200
IMPORTS_SECONDS = 60.0
AFTER_PAINTING_SECONDS = 0.015
"""The answer that asked for an effect is painted before the effect takes the processor."""
LOOKS_FOR_QUIET = 20
CHECKPOINT_SECONDS = 10.0
"""So long at most the write-ahead log waits for a pause."""
MERGE_SECONDS = 30.0
MERGES_AT_ONCE = 20
"""So many pieces of the index of words in one turn: some milliseconds."""


class Background:
    """Carries out the effects of one station, at least once and with their keys, so that each happens once."""

    def __init__(
        self,
        database: Database,
        actor: Callable[[datetime], Actor],
        carriers: Mapping[str, Carrier],
        printer: DocumentPrinter,
        clock: Clock,
        on_label: Callable[[Change], None],
        on_job: Callable[[JobEvent], None],
        on_fault: Callable[[Exception], None],
        quiet: Callable[[], bool] = lambda: True,
        notes: AheadNotes | None = None,
    ) -> None:
        """`actor` makes the worker's own actor for a moment: labels and prints have an audit chain of their own.

        `quiet` says whether no scan is on its way: effects wait for that between one another, for a moment at most.
        `notes` are the labels that were printed while the database was away.
        """
        self._database, self._actor, self._carriers = database, actor, carriers
        self._printer, self._clock = printer, clock
        self._on_label, self._on_fault = on_label, on_fault
        self._quiet = quiet
        self._notes = notes or AheadNotes(None)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._to_buy: set[int] = set()
        self._deeds: list[Callable[[], None]] = []
        self._asides: list[Callable[[DocumentPrinter], None]] = []
        self._guard = threading.Lock()
        self._asked = -ASK_SECONDS
        self._sealed = time.monotonic()
        self._released = -RELEASE_SECONDS
        self._looked_at_imports = -IMPORTS_SECONDS
        self._merged, self._checkpointed = -MERGE_SECONDS, time.monotonic()
        self._words_are_ours = False
        self._prints = PrintWorker(database, actor, printer, clock, on_job, on_fault)
        self._thread = threading.Thread(target=self._run, name="effects", daemon=True)

    def start(self) -> None:
        """Settles what an earlier run left unfinished, then waits for work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is in hand; the rest is rows and goes on at the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._printer.close()

    def carry_out(self, effects: Iterable[Change]) -> None:
        """Takes effects of a committed use case; returns at once."""
        with self._guard:
            self._to_buy.update(effect.entity_id for effect in effects if effect.entity == "label")
        self._wake.set()

    def between_jobs(self, deed: Callable[[], None]) -> None:
        """Does something on the thread that owns the printers, so that it falls into no job; returns at once."""
        with self._guard:
            self._deeds.append(deed)
        self._wake.set()

    def aside(self, deed: Callable[[DocumentPrinter], None]) -> None:
        """Does something with the printers that needs no database, even while it is away; returns at once."""
        with self._guard:
            self._asides.append(deed)
        self._wake.set()

    def _do_asides(self) -> None:
        with self._guard:
            asides, self._asides = self._asides, []
        for deed in asides:
            self._one(lambda deed=deed: deed(self._printer) is None)  # type: ignore[misc]

    def run_once(self) -> None:
        """Buys what is to be bought and prints what waits, on the caller's thread: for the demo and for tests."""
        self._do_asides()
        self._prints.settle()
        with self._guard:
            wanted = sorted(self._to_buy)
        for label_id in wanted:
            if self._stopping.is_set():
                return
            self._let_scans_pass()
            if self._one(lambda label_id=label_id: self._buy(label_id)):  # type: ignore[misc]
                with self._guard:
                    self._to_buy.discard(label_id)
        for request in self._database.read(lambda session: label_voids.waiting(session, self._clock())):
            if self._stopping.is_set():
                return
            self._one(lambda request=request: self._void(request))  # type: ignore[misc]
        self._do_deeds()
        while not self._stopping.is_set() and self._prints.next():
            self._do_deeds()
            self._let_scans_pass()

    def _do_deeds(self) -> None:
        with self._guard:
            deeds, self._deeds = self._deeds, []
        for deed in deeds:
            self._one(lambda deed=deed: deed() is None)  # type: ignore[misc]

    def _let_scans_pass(self) -> None:
        """Effects share the processor and the lock of the database with scans, whose answers somebody looks at."""
        for _ in range(LOOKS_FOR_QUIET):
            if self._quiet() or self._stopping.wait(AFTER_PAINTING_SECONDS):
                return

    def _one(self, effect: Callable[[], bool]) -> bool:
        """Carries out one effect; True when it is settled. A fault of ours is shown, and stops no other effect."""
        try:
            return effect()
        except EnvironmentFailure:
            raise
        except Exception as fault:  # noqa: BLE001 - told to the station; the row is tried again at the next start
            self._on_fault(fault)
            return True

    def settle_leftovers(self) -> None:
        """After a start: labels whose purchase nobody saw the end of, and jobs that were being sent."""
        self._prints.after_crash()
        station = self._actor(self._clock()).station_id
        with self._guard:
            self._to_buy.update(self._database.read(lambda session: open_labels.waiting(session, station)))

    def _run(self) -> None:
        leftovers = True
        while not self._stopping.is_set():
            try:
                self._do_asides()
                if leftovers:
                    self.settle_leftovers()
                    leftovers = False
                self._let_scans_pass()
                self.run_once()
                self._let_scans_pass()
                self._checkpoint()
                self._merge_words_now_and_then()
                self._seal()
                self._release_by_itself()
                self._mark_interrupted()
                if not self._stopping.is_set():
                    self._ask_printer()
            except EnvironmentFailure as failure:
                LOG.warning("effects wait: %s", failure)
                leftovers = True
            except Exception as fault:  # noqa: BLE001 - shown and logged; one bad label must not end all printing
                self._on_fault(fault)
            if self._wake.wait(IDLE_SECONDS):
                self._stopping.wait(AFTER_PAINTING_SECONDS)
            self._wake.clear()

    def _checkpoint(self) -> None:
        """In a pause, for a commit that meets it waits for the same disk; where no pause comes, after a while."""
        now = time.monotonic()
        if self._quiet() or now - self._checkpointed >= CHECKPOINT_SECONDS:
            self._checkpointed = now
            self._database.checkpoint()

    def _merge_words_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._merged >= MERGE_SECONDS:
            self._merged = now
            self.merge_words()

    def merge_words(self) -> None:
        """Puts the embedded index of words in order in small pieces: a scan that comes meanwhile hardly waits."""
        if not self._database.is_sqlite:
            return
        if not self._words_are_ours:
            self._database.write(merge_by_hand)
            self._words_are_ours = True
        for _ in range(MERGES_AT_ONCE):
            if not self._quiet() or self._stopping.is_set() or not self._database.write(merge_words):
                return

    def _release_by_itself(self) -> None:
        """Where that is the rule, what has its stock goes to the pickers without anybody remembering it."""
        now = time.monotonic()
        if now - self._released < RELEASE_SECONDS:
            return
        self._released = now
        if self._database.read(lambda session: floor_settings(session).release_by_itself):
            actor = self._actor(self._clock())
            self._database.write(lambda session: release(session, actor, RELEASED_AT_ONCE))
            if self._database.read(suppliers_wait):
                self._database.write(lambda session: ask_suppliers(session, actor))

    def _mark_interrupted(self) -> None:
        """Imports that a crash ended are said to be interrupted, so that somebody runs them again."""
        now = time.monotonic()
        if now - self._looked_at_imports < IMPORTS_SECONDS:
            return
        self._looked_at_imports = now
        actor = self._actor(self._clock())
        if self._database.read(lambda session: interrupted.any_interrupted(session, actor.now)):
            self._database.write(lambda session: interrupted.mark_interrupted(session, actor))

    def _seal(self) -> None:
        """Every few minutes the heads of all audit chains go into the common one; nothing where nothing was written."""
        now = time.monotonic()
        if now - self._sealed >= SEAL_SECONDS:
            self._sealed = now
            self._database.write(lambda session: seal_chains(session, self._clock()))

    def _ask_printer(self) -> None:
        """Once in a while, for the lamp; this thread owns the printer, so that no question falls into a job."""
        now = time.monotonic()
        if now - self._asked >= ASK_SECONDS:
            self._asked = now
            self._printer.ask()

    def _buy(self, label_id: int) -> bool:
        """Buys a label; False while nobody knows whether it was bought, so that the carrier is asked again."""
        request = self._database.read(lambda session: labels.request_of(session, label_id))
        if request is None:
            return True
        settled, actor = True, self._actor(self._clock())
        carrier_key, in_doubt = self._database.read(lambda session: labels.carrier_of(session, label_id))
        carrier = self._carriers[carrier_key]
        try:
            printed = self._notes.of_label(label_id)
            if printed is None and not in_doubt and self._waits_for_printer(label_id):
                return False
            sold = carrier.find(request.reference, label_id) or carrier.buy(request)
        except CarrierRefusedError as error:
            reason = str(error)
            self._database.write(lambda session: labels.refused(session, actor, label_id, reason))
        except CarrierUnknownError:
            self._database.write(lambda session: labels.unknown(session, actor, label_id))
            settled = False
        else:
            self._database.write(
                lambda session: _bought(session, actor, label_id, sold, carrier.name, printed), once_by_itself=True
            )
            self._notes.settle(label_id)
        self._on_label(Change("label", label_id))
        return settled

    def _waits_for_printer(self, label_id: int) -> bool:
        """Whether it can't be printed now: then it is not bought yet, and the packer is told what to do."""
        status = self._prints.standing(DocumentKind.SHIPPING_LABEL)
        if status.can_print:
            return False
        actor = self._actor(self._clock())
        if self._database.write(lambda session: labels.hold(session, actor, label_id, status.state.value)):
            self._on_label(Change(LABEL_HELD, label_id))
        return True

    def _void(self, request: label_voids.VoidRequest) -> bool:
        """Asks the carrier to take a label back; False while nobody knows whether it did."""
        actor = self._actor(self._clock())
        if not self._database.write(lambda session: label_voids.take(session, actor, request)):
            return True
        try:
            agreed = self._carriers[request.carrier].void(request.tracking_number, request.account)
        except CarrierUnknownError as error:
            reason = str(error)
            self._database.write(lambda session: label_voids.unanswered(session, actor, request, reason))
            self._on_label(Change("label", request.label_id))
            return False
        again = self._database.write(
            lambda session: label_voids.settled(session, actor, request, agreed), once_by_itself=True
        )
        self._on_label(Change("label", request.label_id))
        if again is not None and not self._buy(again):
            with self._guard:
                self._to_buy.add(again)
        return True


def _bought(
    session: Session, actor: Actor, label_id: int, sold: BoughtLabel, carrier_name: str, printed: Printed | None
) -> None:
    """The carrier sold it; what was printed of it while the database was away is not printed again."""
    labels.bought(session, actor, label_id, sold, carrier_name)
    if printed is not None:
        ahead.printed_ahead(session, actor, label_id, printed.documents, printed.printers)
