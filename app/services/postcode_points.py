"""Where postcodes lie, read from a file: what GeoNames gives, or a table with headings. Twice is the same as once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from app.domain.addresses import country_code
from app.domain.errors import BadUseError
from app.domain.sourcing_places import MILLION, Point, told
from app.services.bulk import insert_rows

AT_ONCE = 5_000
MOST_LISTED = 50
_GEONAMES_COLUMNS = 12
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "country": ("country", "country_code", "country code"),
    "postcode": ("postcode", "prefix", "postal_code", "postal code", "zip"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
}
_KINDS = {"country": "text", "prefix": "text", "latitude_e6": "bigint", "longitude_e6": "bigint"}
_CONFLICT = (
    "ON CONFLICT (country, prefix) DO UPDATE SET latitude_e6 = excluded.latitude_e6, "
    "longitude_e6 = excluded.longitude_e6"
)
Row = tuple[str, str, str, str]


@dataclass(slots=True)
class Points:
    """What a file tells: points by country and beginning of a postcode; lines that tell none, the first of them."""

    found: dict[tuple[str, str], Point] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    refused_count: int = 0


def read_points(path: Path) -> Points:
    """Reads a file. A postcode that stands there for several places lies in their middle.

    Raises BadUseError for a file that is no table of postcodes.
    """
    sums: dict[tuple[str, str], list[int]] = {}
    points = Points()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in _rows(file):
                place = None if row is None else _place(row)
                if place is None:
                    points.refused_count += 1
                    points.refused += [number] if len(points.refused) < MOST_LISTED else []
                    continue
                key, point = place
                total = sums.setdefault(key, [0, 0, 0])
                total[0] += point.latitude_e6
                total[1] += point.longitude_e6
                total[2] += 1
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadUseError("sourcing.points_unreadable", file=str(path)) from error
    points.found = {key: Point(round(a / count), round(b / count)) for key, (a, b, count) in sums.items()}
    return points


def store_points(session: Session, points: Iterable[tuple[tuple[str, str], Point]]) -> int:
    """Stores points, over those that are there; gives how many."""
    rows = [(country, prefix, point.latitude_e6, point.longitude_e6) for (country, prefix), point in points]
    insert_rows(session.connection(), "postcode_points", _KINDS, rows, _CONFLICT)
    return len(rows)


def in_chunks(points: Points) -> Iterator[Sequence[tuple[tuple[str, str], Point]]]:
    """The points in parts that are stored in one transaction each."""
    rest = iter(points.found.items())
    while some := tuple(islice(rest, AT_ONCE)):
        yield some


def _rows(file: Iterable[str]) -> Iterator[tuple[int, Row | None]]:
    lines = iter(file)
    first = next(lines, "")
    if first.count("\t") == _GEONAMES_COLUMNS - 1:
        yield 1, _geonames(first)
        for number, line in enumerate(lines, start=2):
            yield number, _geonames(line)
        return
    heads = next(csv.reader([first], delimiter=";" if first.count(";") > first.count(",") else ","), [])
    places = [_column(heads, names) for names in _HEADINGS.values()]
    if None in places:
        raise BadUseError("sourcing.points_headings", columns=", ".join(_HEADINGS))
    at = [place for place in places if place is not None]
    reader = csv.reader(lines, delimiter=";" if first.count(";") > first.count(",") else ",")
    for cells in reader:
        whole = len(cells) > max(at)
        yield reader.line_num + 1, (cells[at[0]], cells[at[1]], cells[at[2]], cells[at[3]]) if whole else None


def _geonames(line: str) -> Row | None:
    cells = line.rstrip("\n").split("\t")
    return (cells[0], cells[1], cells[9], cells[10]) if len(cells) == _GEONAMES_COLUMNS else None


def _column(heads: Sequence[str], names: Sequence[str]) -> int | None:
    plain = [head.strip().lower() for head in heads]
    return next((plain.index(name) for name in names if name in plain), None)


def _place(row: Row) -> tuple[tuple[str, str], Point] | None:
    country = country_code(row[0])
    prefix = told(country, row[1])
    try:
        latitude, longitude = float(row[2].replace(",", ".")), float(row[3].replace(",", "."))
    except ValueError:
        return None
    if len(country) != 2 or not prefix or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return (country, prefix), Point(round(latitude * MILLION), round(longitude * MILLION))
