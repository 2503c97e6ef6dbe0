"""A US scanner on a computer of another country: each printable character there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.keyboard_layouts import _TABLES, DEAD_KEYS, Layout, as_seen, composed, undo

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
# What the layout has no character for: gone before any program sees it.
LOST = {Layout.FR: "~"}
LAYOUTS = pytest.mark.parametrize("layout", list(Layout))


@pytest.mark.parametrize(
    ("layout", "seen"),
    [
        (Layout.US, "AZQWYM az-0123456789/_=+[]{}'\"@#$^&*"),
        (Layout.UK, "AZQWYM az-0123456789/_=+[]{}'@\"£$^&*"),
        (Layout.DE, 'AYQWZM ayß0123456789-?´`ü+Ü*äÄ"§$&/('),
        (Layout.FR, "QWAZY? qw)à&é\"'(-è_ç!°=+^$¨£ù%23467" + "8"),
        (Layout.FR_BE, "QWAZY? qw)à&é\"'(§è!ç=°-_^$¨*ù%23467" + "8"),
        (Layout.CZ, "AYQWZM ay=é+ěščřžýáí-%´ˇú)/(§!23467" + "8"),
    ],
)
def test_shows_what_the_computer_shows(layout: Layout, seen: str) -> None:
    typed = "AZQWYM az-0123456789/_=+[]{}'\"@#$^&*"

    assert "".join(as_seen(layout, sign) for sign in typed) == seen


@LAYOUTS
def test_each_character_comes_back(layout: Layout) -> None:
    for sign in PRINTABLE:
        if sign not in LOST.get(layout, ""):
            assert undo(layout, as_seen(layout, sign)) == sign


@LAYOUTS
@given(text=st.text(st.sampled_from(PRINTABLE.replace("~", "")), max_size=40))
def test_no_text_raises_and_plain_codes_come_back(layout: Layout, text: str) -> None:
    undo(layout, text)
    # Letters, digits and what our own codes use besides: no accent of any layout is among them.
    plain = "".join(sign for sign in text if sign.isalnum() or sign in " -/.")
    assert undo(layout, as_seen(layout, plain)) == plain


@pytest.mark.parametrize(
    ("layout", "typed", "seen"),
    [
        # An accent joins the letter that takes it, stands before the one that does not, and swallows one blank.
        (Layout.FR, "[e", "ê"),
        (Layout.FR, "[x", "^x"),
        (Layout.FR, "[ e", "^e"),
        (Layout.FR, "[[", "^^"),
        (Layout.FR, "A[", "Q^"),
        (Layout.FR, "{e", "ë"),
        (Layout.DE, "=e", "é"),
        (Layout.DE, "a=b", "a´b"),
        (Layout.DE, "K=1", "K´1"),
        (Layout.CZ, "=z", "ý"),
        (Layout.FR_BE, "PW-OK", "PZ)OK"),
        (Layout.DE, "PW-OK", "PWßOK"),
        (Layout.CZ, "T-0117", "T=é++ý"),
        (Layout.FR, "(01)09501101530003", '9à&0àç(à&&à&("ààà"'),
        (Layout.UK, "A\\B|C~D", "A#B~C¬D"),
    ],
)
def test_accents_and_codes(layout: Layout, typed: str, seen: str) -> None:
    assert as_seen(layout, typed) == seen
    back = undo(layout, seen)
    # A Czech ý has a key of its own, the 7: only the test sheet's single accents tell the two apart.
    assert back == ("7" if (layout, typed) == (Layout.CZ, "=z") else typed)


def test_a_sign_that_the_layout_cannot_show_is_lost() -> None:
    assert as_seen(Layout.FR, "A~B") == "QB"
    assert undo(Layout.FR, "QB") == "AB"


_ACCENTS = dict(zip("`´^~¯˘˙¨°˝ˇ¸˛", DEAD_KEYS.values(), strict=True))


@LAYOUTS
@given(st.text(PRINTABLE, max_size=30))
def test_dead_keys_that_come_as_they_are_pressed_show_what_other_systems_show(layout: Layout, typed: str) -> None:
    table = _TABLES[layout]
    shown = [table.shown.get(sign, sign) for sign in typed]
    pressed = "".join(_ACCENTS[sign] if sign in table.dead else sign.replace("\0", "") for sign in shown)
    assert composed(pressed) == as_seen(layout, typed)


@LAYOUTS
def test_signs_that_no_key_has_stay(layout: Layout) -> None:
    assert as_seen(layout, "\x1d\r€") == "\x1d\r€"
    assert undo(layout, "\x1d\r€") == "\x1d\r€"
