"""The kit's parts are read when they are wanted first, and all of them are there."""

from __future__ import annotations

import pytest

from app.views import kit


def test_every_part_is_there() -> None:
    assert [name for name in kit.__all__ if not hasattr(kit, name)] == []
    assert kit.Banner.__module__ == "app.views.kit.banner"
    assert kit.fit_font.__module__ == "app.views.kit.text"


def test_what_is_no_part_is_refused() -> None:
    with pytest.raises(AttributeError, match=r"module 'app\.views\.kit' has no attribute 'Sledge'"):
        kit.Sledge  # noqa: B018
