"""Addresses of scales: those that mean one, and the sentences about those that do not."""

from __future__ import annotations

import itertools

import pytest

from app.devices.scale_opening import open_scale
from app.devices.scale_thread import ThreadScale
from app.devices.scales import SimScale
from app.domain.device_ports import DeviceState, Scale
from app.domain.errors import BadUseError
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.words import catalogue, say


def opened(uri: str) -> Scale:
    return open_scale(uri, iter(itertools.count()).__next__, list, list)


@pytest.mark.parametrize(
    "uri",
    [
        "serial:///dev/ttyUSB0?protocol=mt-sics",
        "serial:///dev/ttyUSB0?protocol=mt-sics&mode=continuous&baud=19200",
        "serial://COM3?protocol=nci&bits=7&parity=even&stop=1",
        "serial:?vid=0922&pid=8003&serial=77&protocol=toledo-8217&unit=lb",
        "socket://10.0.0.7:4001?protocol=plain&ask=Q",
        "rfc2217://10.0.0.7:4001?protocol=nci",
        "hid://0922:8003",
        "hid://0922:8003:A77",
    ],
)
def test_addresses_of_scales(uri: str) -> None:
    scale = opened(uri)
    assert isinstance(scale, ThreadScale)
    assert (scale.uri, scale.state, scale.reading(), scale.trouble) == (uri, DeviceState.ABSENT, None, None)


def test_the_simulated_one() -> None:
    assert isinstance(opened("sim:?seed=3&settle=0"), SimScale)


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("ttyUSB0", "device.no_scheme"),
        ("ftp:x", "device.scale_unknown"),
        ("keyboard:", "device.scale_unknown"),
        ("serial:", "device.no_port"),
        ("socket://10.0.0.7", "device.no_port"),
        ("socket://10.0.0.7:99999", "device.no_port"),
        ("hid:", "device.scale_no_numbers"),
        ("hid://xyz:8003", "device.option_wrong"),
        ("serial:///dev/ttyUSB0?protocol=morse", "device.option_wrong"),
        ("serial:///dev/ttyUSB0?unit=stone", "device.option_wrong"),
        ("serial:///dev/ttyUSB0?baud=12", "device.option_wrong"),
        ("serial:///dev/ttyUSB0?protocol=plain&ask=%0A", "device.option_wrong"),
        ("serial:///dev/ttyUSB0?colour=red", "device.option_unknown"),
        ("sim:?seed=x", "device.option_wrong"),
    ],
)
def test_addresses_that_mean_none(uri: str, code: str) -> None:
    with pytest.raises(BadUseError) as caught:
        opened(uri)
    assert caught.value.code == code
    assert uri in say(code, **caught.value.values) or "{uri}" not in catalogue()[code]


def test_everything_a_scale_can_say_has_words() -> None:
    words = catalogue()
    for trouble in ScaleTrouble:
        assert words[trouble.key]
        assert words[trouble.short_key]
    for order in ScaleOrder:
        assert all(words[answer.key(order)] for answer in ScaleAnswer)
        assert words[f"scale.{order.value}.asked"]
