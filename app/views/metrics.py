"""Sizes of everything on a screen, for the three widths that stations have, times the user's text scale."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

TEXT_SCALES = (1.0, 1.15, 1.3)


class Width(IntEnum):
    """The layouts, named by the width they were drawn for."""

    TOUCH = 1024
    DESK = 1366
    WIDE = 1920

    @classmethod
    def of(cls, pixels: int) -> Width:
        """The layout for a window of this many logical pixels."""
        if pixels < 1200:
            return cls.TOUCH
        return cls.DESK if pixels < 1600 else cls.WIDE


@dataclass(frozen=True, slots=True)
class Metrics:
    """Logical pixels. Type sizes and heights that hold text carry the text scale; edges of the window do not."""

    width: Width
    text_scale: float
    # type
    mega: int
    count: int
    instruction: int
    ack: int
    name: int
    title: int
    head: int
    quantity: int
    lead: int
    body: float
    small: float
    micro: float
    rail_key: int
    # edges
    rail: int
    strip: int
    banner: int
    banner_tall: int
    header: int
    notes: int
    bar: int
    ack_bar: int
    pad: int
    gap: int
    inside: int
    # parts
    row: int
    row_head: int
    card_head: int
    face_head: int
    scan_head: int
    scan_picture: int
    row_picture: int
    chip: int
    button: int
    command: int
    table_head: int
    table_row: int
    table_row_two: int
    segment: int
    step: int
    target: int


# name: (1024, 1366, 1920, carries the text scale)
_SIZES: dict[str, tuple[float, float, float, bool]] = {
    "mega": (178, 160, 226, True),
    "count": (84, 132, 190, True),
    "instruction": (34, 42, 54, True),
    "ack": (28, 34, 42, True),
    "name": (22, 26, 36, True),
    "title": (24, 28, 36, True),
    "head": (20, 20, 24, True),
    "quantity": (24, 24, 32, True),
    "lead": (18, 18, 21, True),
    "body": (16, 16, 18, True),
    "small": (14.5, 14.5, 16.5, True),
    "micro": (13, 13, 15, True),
    "rail_key": (12, 12, 14, False),
    "rail": (64, 76, 88, False),
    "strip": (38, 38, 44, False),
    "banner": (86, 94, 116, False),
    "banner_tall": (132, 132, 160, False),
    "header": (66, 66, 80, False),
    "notes": (42, 42, 50, False),
    "bar": (84, 84, 100, False),
    "ack_bar": (158, 158, 176, False),
    "pad": (10, 12, 16, False),
    "gap": (10, 12, 16, False),
    "inside": (14, 14, 16, False),
    "row": (57, 60, 72, True),
    "row_head": (34, 34, 42, True),
    "card_head": (42, 42, 52, True),
    "face_head": (52, 52, 60, True),
    "scan_head": (46, 46, 58, False),
    "scan_picture": (120, 164, 290, False),
    "row_picture": (44, 44, 54, False),
    "chip": (28, 28, 32, True),
    "button": (48, 40, 44, True),
    "command": (66, 66, 78, False),
    "table_head": (34, 34, 42, True),
    "table_row": (48, 44, 48, True),
    "table_row_two": (53, 53, 58, True),
    "segment": (16, 16, 22, False),
    "step": (44, 44, 52, True),
    "target": (48, 40, 44, False),
}
_FRACTIONS = {"body", "small", "micro"}


def metrics_for(width: int, text_scale: float = 1.0) -> Metrics:
    """The sizes for a window this wide at one of TEXT_SCALES.

    Raises ValueError for another scale.
    """
    if text_scale not in TEXT_SCALES:
        raise ValueError(f"the text scale is one of {TEXT_SCALES}, not {text_scale}")
    layout = Width.of(width)
    column = list(Width).index(layout)
    values: dict[str, float] = {}
    for name, sizes in _SIZES.items():
        value = sizes[column] * (text_scale if sizes[3] else 1.0)
        values[name] = value if name in _FRACTIONS else round(value)
    return Metrics(width=layout, text_scale=text_scale, **values)  # type: ignore[arg-type]
