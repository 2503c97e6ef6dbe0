"""An office on a real database, whose imports run at once through the real importer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.bootstrap.supplier_files import write_papers
from app.domain.capture_settings import Mapping, ReadSettings
from app.domain.errors import PickwickError
from app.domain.import_report import ImportProgress
from app.domain.states import Role
from app.integrations.channels.columns import look_at_columns
from app.integrations.channels.formats import detect, readers
from app.presenters.importer import Cancel, ImportEnd
from app.presenters.office import OfficePresenter
from app.presenters.office_database import DatabaseJoin
from app.presenters.office_supplier_files import SupplierOutbox
from app.presenters.runner import AtOnce
from app.presenters.state import office
from app.runtime.importing import FileFormats, FileImport
from app.services.actor import Actor
from tests.builders import World
from tests.presenters.desk import Shown, clock, station_of


@dataclass
class AtOnceImporter:
    """Imports on the caller's thread."""

    world: World
    progress: list[ImportProgress] = field(default_factory=list)

    def start(
        self,
        path: Path,
        format: str,
        mapping: Mapping | None,
        on_progress: Callable[[ImportProgress], None],
        on_done: Callable[[ImportEnd], None],
    ) -> Cancel:
        def actor(now: datetime) -> Actor:
            return Actor(now, "import", self.world.warehouse_id, self.world.operator_id, Role.ADMIN)

        def told(progress: ImportProgress) -> None:
            self.progress.append(progress)
            on_progress(progress)

        settings = ReadSettings(zone="Europe/London", currency="GBP", mapping=mapping or Mapping())
        run = FileImport(self.world.database, actor, clock, told)
        try:
            end: ImportEnd = run.run(FileFormats(readers(), detect), format, path, settings)
        except PickwickError as error:
            end = error
        on_done(end)
        return lambda: None


@dataclass
class Asked:
    """What the office asked of the rest of the station."""

    orders: list[str] = field(default_factory=list)
    applied: dict[str, object] = field(default_factory=dict)
    file: str = ""


def any_address(_setting: str, _uri: str) -> str:
    """Every address is right."""
    return ""


def make_office(
    world: World,
    role: Role = Role.ADMIN,
    check_device: Callable[[str, str], str] = any_address,
    join: DatabaseJoin | None = None,
    outbox: Path = Path("nowhere"),
) -> tuple[OfficePresenter, Shown[office.Office], Asked]:
    shown: Shown[office.Office] = Shown()
    asked = Asked()
    presenter = OfficePresenter(
        world.database, AtOnce(), station_of(world, role), clock, shown.states.append, shown.sent.append,
        importer=AtOnceImporter(world), readers=readers(), choose_file=lambda: asked.file,
        show_order=asked.orders.append, applied=asked.applied.update, read_columns=look_at_columns,
        ring=shown.rung.append, check_device=check_device, join=join,
        outbox=SupplierOutbox(outbox, write_papers),
    )  # fmt: skip
    presenter.show()
    return presenter, shown, asked
