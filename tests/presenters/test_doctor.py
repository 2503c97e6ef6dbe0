"""The scanner doctor's screen: every scan of the station is its own while it is open; one key keeps what it found."""

from __future__ import annotations

from pathlib import Path

from app.domain.keyboard_layouts import Layout
from app.domain.scanner_doctor import STEPS
from app.domain.states import Role
from app.domain.words import say
from app.models.people import Station
from app.models.shipping import PrintJob
from app.presenters.doctor import DoctorPresenter
from app.presenters.doctor_room import DevicesRoom
from app.presenters.runner import AtOnce
from app.presenters.state import devices, doctor
from app.presenters.state.parts import Family
from tests.builders import World
from tests.builders import world as world
from tests.domain.scanner_simulation import Gun
from tests.presenters.desk import Shown, clock, station_of
from tests.presenters.devices_builders import SCANNER, Watch, devices_screen

SERIAL = "serial:///dev/ttyACM0?baud=115200"
Screens = Shown[doctor.Doctor | devices.Devices]


def make(world: World, uris: str, role: Role = Role.LEAD) -> tuple[DevicesRoom, Screens, list[dict[str, object]]]:
    shown: Screens = Shown()
    applied: list[dict[str, object]] = []
    station = station_of(world, role)
    device = devices_screen(world.database, station, shown.states.append, Watch(SCANNER), Path("exports"))
    numbers = iter(range(100))

    def doctor() -> DoctorPresenter:
        return DoctorPresenter(
            world.database, AtOnce(), station, clock, lambda: str(next(numbers)), shown.states.append,
            applied.append, uris,
        )  # fmt: skip

    room = DevicesRoom(device, doctor)
    room.enter(station, None)
    return room, shown, applied


def screen(shown: Screens) -> doctor.Doctor:
    assert isinstance(shown.now, doctor.Doctor)
    return shown.now


def scan_all(room: DevicesRoom, gun: Gun, device: str) -> None:
    for step in STEPS:
        scan = gun.scan(step)
        assert scan is not None
        if gun.keys:
            room.typed(scan)
        else:
            assert room.scanned("as read", scan.data, device)


def kept(world: World) -> object:
    return world.database.read(lambda session: session.get_one(Station, world.station_id).settings.get("scanner"))


def test_scans_are_the_stations_until_the_doctor_is_open(world: World) -> None:
    room, shown, _ = make(world, SERIAL)
    assert not room.scanned("#1042", b"#1042\r", SERIAL)
    assert isinstance(shown.now, devices.Devices)
    assert room.command("PW-DOCTOR")
    assert screen(shown).banner.order == "Scan code 1 of 8"
    assert not screen(shown).keys
    assert room.scanned("#1042", b"#1042\r", SERIAL)
    assert screen(shown).verdict is not None
    assert room.command("PW-BACK")
    assert isinstance(shown.now, devices.Devices)
    assert not room.scanned("#1042", b"#1042\r", SERIAL)


def test_one_code_at_a_time_with_what_arrived(world: World) -> None:
    room, shown, _ = make(world, SERIAL)
    room.command("PW-DOCTOR")
    assert room.scanned("1234567890", b"1234567890\r\n", SERIAL)
    now = screen(shown)
    assert (now.banner.order, now.text) == ("Scan code 2 of 8", "1234567890")
    assert [byte.sign for byte in now.raw][-3:] == ["0", "CR", "LF"]
    assert now.verdict is not None
    assert (now.verdict.words, now.verdict.family) == ("Arrived as printed", Family.OK)
    assert [row.now for row in now.codes] == [False, True, *[False] * 6]
    room.scanned("1234567890", b"1234567890\r\n", SERIAL)
    assert screen(shown).verdict == doctor.FindingRow("That was code 1. Scan code 2.", "", Family.WARN, "warning")
    room.command("DR-SKIP")
    assert screen(shown).banner.order == "Scan code 3 of 8"


def test_one_key_uses_what_was_found(world: World) -> None:
    room, shown, applied = make(world, SERIAL)
    room.command("PW-DOCTOR")
    scan_all(room, Gun(fnc1="~", suffix="\t"), SERIAL)
    now, new = screen(shown), f"{SERIAL}&suffix=tab&fnc1=~"
    assert now.setting == ("New setting of this station", new)
    assert now.commands.commands[0].reason == ""
    assert room.scanned("", b"PW-OK\t", SERIAL)
    assert kept(world) == new
    assert applied == [{"scanner": new}]
    assert screen(shown).banner.detail == "Saved. This station uses the scanner with its new settings."
    assert screen(shown).setting[0] == "The setting of this station is right as it is."


def test_of_several_scanners_only_the_one_that_was_examined_changes(world: World) -> None:
    other = "socket://10.0.0.7:2112?suffix=cr"
    room, shown, applied = make(world, f"keyboard:\n{other}")
    room.command("PW-DOCTOR")
    assert screen(shown).keys
    gun = Gun(keys=True, layout=Layout.DE)
    first = gun.scan(STEPS[0])
    assert first is not None
    room.typed(first)
    room.scanned("1", b"1\r", other)
    assert screen(shown).banner.order == "Scan code 2 of 8"
    room.command("DR-AGAIN")
    scan_all(room, gun, "")
    room.command("PW-OK")
    assert kept(world) == f"keyboard:?layout=de {other}"
    assert applied == [{"scanner": f"keyboard:?layout=de {other}"}]


def test_a_scanner_of_another_station_works_on(world: World) -> None:
    room, shown, _ = make(world, SERIAL)
    room.command("PW-DOCTOR")
    assert not room.scanned("#1042", b"#1042\r", "serial:///dev/ttyACM1?name=Ring&station=Pack+2")
    assert screen(shown).verdict is None


def test_who_may_not_change_the_station_is_told(world: World) -> None:
    room, shown, applied = make(world, SERIAL, Role.PACKER)
    room.command("PW-DOCTOR")
    scan_all(room, Gun(fnc1="~"), SERIAL)
    room.command("PW-OK")
    assert (kept(world), applied) == (None, [])
    assert screen(shown).banner.detail == say("office_screen.not_permitted")


def test_what_is_right_already_needs_no_saving(world: World) -> None:
    room, shown, applied = make(world, f"{SERIAL}&suffix=cr")
    room.command("PW-DOCTOR")
    scan_all(room, Gun(), f"{SERIAL}&suffix=cr")
    assert screen(shown).commands.commands[0].reason == "Nothing has to change"
    room.command("PW-OK")
    assert (applied, kept(world)) == ([], None)
    assert screen(shown).banner.family is Family.OK


def test_the_sheet_is_printed_and_everything_left_out_says_so(world: World) -> None:
    room, shown, _ = make(world, SERIAL)
    room.command("PW-DOCTOR")
    room.scanned("", b"DR-PRINT\r", SERIAL)
    jobs = world.database.read(lambda session: [job.document for job in session.query(PrintJob)])
    assert jobs == ["doctor-sheet"]
    assert screen(shown).banner.detail == "The sheet is in the print queue."
    for _ in STEPS:
        room.command("DR-SKIP")
    assert screen(shown).banner.family is Family.WARN
    assert screen(shown).found == ()


def test_leaving_closes_it(world: World) -> None:
    room, shown, _ = make(world, SERIAL)
    room.command("PW-DOCTOR")
    room.leave()
    assert not room.scanned("#1042", b"#1042\r", SERIAL)
    room.enter(station_of(world), None)
    assert isinstance(shown.now, devices.Devices)
