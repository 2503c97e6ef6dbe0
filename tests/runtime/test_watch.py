"""What the devices of a station report, as their screen gets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.devices.scales import SimScale
from app.devices.scanners import SimScanner
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState, Scan
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.states import PrintJobState
from app.domain.weights import WeightReading
from app.presenters.device_watch import EventKind, EventLog, Levels, PrinterOrder, SeenJob
from app.presenters.gateway import JobEvent
from app.presenters.station_info import StationInfo
from app.runtime.watch import NamedScanner, StationWatch

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Printers:
    """Two printers without any behaviour."""

    uris = ("sim:labels", "sim:paper")

    def __init__(self) -> None:
        self.looks = 0
        self.orders: list[tuple[str, PrinterOrder]] = []
        self.seen: dict[str, tuple[SeenJob, ...]] = {}

    def name(self, uri: str) -> str:
        return {"sim:labels": "Label printer"}.get(uri, "Paper printer")

    def describe(self, uri: str) -> tuple[str, int]:
        return "zpl", 203

    def jobs(self, uri: str) -> tuple[SeenJob, ...]:
        return self.seen.get(uri, ())

    def levels(self, uri: str) -> Levels:
        return Levels()

    def look(self, then: Callable[[], None]) -> None:
        self.looks += 1
        then()

    def order(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        self.orders.append((uri, order))


class Pan:
    """A scale whose state a test sets."""

    uri = "serial:///dev/ttyUSB0"

    def __init__(self) -> None:
        self.state, self.trouble = DeviceState.DOWN, None
        self.now: WeightReading | None = None

    trouble: ScaleTrouble | None

    def reading(self) -> WeightReading | None:
        return self.now


class Made:
    """A watch and what it told."""

    def __init__(self, scale: Pan | None = None) -> None:
        ids = iter(f"id-{n}" for n in range(100))
        self.guns = [SimScanner(f"sim:{n}", lambda: next(ids), lambda: NOW) for n in (1, 2)]
        self.printers, self.log, self.told, self.seconds = Printers(), EventLog(), list[str](), 100.0
        names = [NamedScanner(self.guns[0], "Ring 1"), NamedScanner(self.guns[1], "Ring 2", "Bench 5")]
        self.watch = StationWatch(
            names, scale, self.printers, lambda: NOW, lambda: self.seconds, self.order, self.log, self.told.append  # type: ignore[arg-type]
        )  # fmt: skip

    def order(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        then(ScaleAnswer.DONE)

    def events(self) -> list[tuple[str, EventKind, str]]:
        return [(event.device, event.kind, event.detail) for event in self.log.events]


def scan(device: str, raw: str, at: datetime = NOW) -> Scan:
    return Scan("g", raw, device, at, raw.encode() + b"\r")


def test_each_scanner_keeps_its_own_last_scan_with_its_bytes() -> None:
    made = Made()
    made.watch.scanned(scan("sim:1", "A1"))
    made.watch.scanned(scan("sim:2", "B2"))
    made.watch.scanned(scan("sim:1", "A3", NOW + timedelta(seconds=1)))
    lines = made.watch.devices()[:2]
    assert [(line.name, line.station, line.scan.raw, line.scan.data) for line in lines if line.scan] == [
        ("Ring 1", "", "A3", b"A3\r"),
        ("Ring 2", "Bench 5", "B2", b"B2\r"),
    ]
    assert made.events()[0] == ("Ring 1", EventKind.SCANNED, "A3")


def test_the_time_to_the_painted_answer_belongs_to_its_own_scan() -> None:
    made = Made()
    made.watch.scanned(scan("sim:1", "A1"))
    made.watch.answered("sim:1", NOW, 20.6)
    assert [line.scan.milliseconds for line in made.watch.devices() if line.scan] == [21]
    made.watch.scanned(scan("sim:1", "A2", NOW + timedelta(seconds=1)))
    made.watch.answered("sim:1", NOW, 99)
    made.watch.answered("sim:9", NOW, 99)
    assert [line.scan.milliseconds for line in made.watch.devices() if line.scan] == [None]


def test_what_a_scanner_tells_is_in_the_log_at_once() -> None:
    made, heard = Made(), list[int]()
    made.watch.subscribe(lambda: heard.append(len(made.log.events)))
    for change, detail in (
        (DeviceChange.REFUSED, "Permission denied"),
        (DeviceChange.CAME, "/dev/ttyACM1"),
        (DeviceChange.LOST, "unplugged"),
        (DeviceChange.GONE, ""),
    ):
        made.watch.noticed(DeviceNotice("sim:1", change, NOW, detail, b"85"))
        refused = change is DeviceChange.REFUSED
        assert made.watch.devices()[0].detail == ("Permission denied" if refused else "")
    assert made.events() == [
        ("Ring 1", EventKind.GONE, ""),
        ("Ring 1", EventKind.LOST, "Unplugged in the middle of a code"),
        ("Ring 1", EventKind.CAME, "/dev/ttyACM1"),
        ("Ring 1", EventKind.REFUSED, "Permission denied"),
    ]
    assert heard == [1, 2, 3, 4]


def test_a_scale_that_is_pulled_is_told_at_once_and_one_that_opens_slowly_is_not() -> None:
    pan = Pan()
    made = Made(pan)
    made.watch.weighed()
    assert (made.events(), made.told) == ([], [])
    pan.state, pan.now = DeviceState.READY, WeightReading(10, True, 100.0)
    made.watch.weighed()
    made.log.__init__()  # type: ignore[misc]
    pan.state, pan.now = DeviceState.DOWN, None
    made.watch.weighed()
    made.watch.weighed()
    assert made.events() == [("Scale", EventKind.GONE, "")]
    assert made.told == ["The scale is gone. Plug it in: it goes on by itself."]
    pan.state = DeviceState.READY
    made.watch.weighed()
    assert [kind for _, kind, _ in made.events()][:2] == [EventKind.CHANGED, EventKind.CAME]
    assert made.told[1:] == [""]


def test_a_scale_that_is_not_there_at_the_start_is_told_after_a_moment() -> None:
    made = Made(Pan())
    made.watch.weighed()
    made.seconds += 3.1
    made.watch.weighed()
    assert made.events() == [("Scale", EventKind.GONE, "")]


def test_troubles_of_a_scale_are_in_the_log_and_moving_is_none() -> None:
    pan = Pan()
    made = Made(pan)
    pan.state = DeviceState.READY
    for trouble in (None, ScaleTrouble.MOVING, None, ScaleTrouble.OVERLOAD):
        pan.trouble = trouble
        made.watch.weighed()
    assert [(kind, detail) for _, kind, detail in made.events()] == [
        (EventKind.TROUBLE, "Too heavy for this scale. Take something off."),
        (EventKind.CHANGED, "Ready"),
    ]


def test_a_printer_is_as_it_said_last_and_changes_are_in_the_log_once() -> None:
    made = Made()
    for state in (PrinterState.READY, PrinterState.PAPER_OUT, PrinterState.PAPER_OUT, PrinterState.UNREACHABLE):
        made.watch.printer_said("sim:labels", PrinterStatus(state))
    assert made.events() == [
        ("Label printer", EventKind.TROUBLE, "Not reached"),
        ("Label printer", EventKind.TROUBLE, "Out of labels"),
        ("Label printer", EventKind.CHANGED, "Ready"),
    ]
    labels, paper = made.watch.devices()[2:]
    assert (labels.state, labels.asked, paper.state, paper.printer) == (
        DeviceState.DOWN, 100.0, DeviceState.READY, None,
    )  # fmt: skip


def test_jobs_are_read_again_when_one_went_on() -> None:
    made = Made()
    made.printers.seen = {"sim:labels": (SeenJob(7, "Label", PrintJobState.QUEUED, NOW),)}
    for state, reason in ((PrintJobState.SENDING, ""), (PrintJobState.FAILED, "The line broke")):
        made.watch.job(JobEvent(7, None, "shipping-label", state, reason, "sim:labels", NOW))
    assert made.events() == [("Label printer", EventKind.FAILED, "Shipping label: The line broke")]
    assert (made.printers.looks, made.watch.devices()[2].waiting) == (2, 1)


def test_orders_are_in_the_log() -> None:
    made = Made()
    info = StationInfo(1, "Bench 4", 1, "Main", "Europe/London")
    made.watch.order_printer("sim:paper", PrinterOrder.FEED, info, made.told.append)
    assert made.events() == [("Paper printer", EventKind.ORDERED, "Feed")]
    assert made.printers.orders == [("sim:paper", PrinterOrder.FEED)]


def test_the_real_twin_of_a_scale_fits() -> None:
    scale = SimScale("sim:", lambda: 0.0)
    watch = StationWatch((), scale, Printers(), lambda: NOW, lambda: 0.0, lambda _order, _then: None, EventLog())
    assert watch.devices()[0].uri == "sim:"
