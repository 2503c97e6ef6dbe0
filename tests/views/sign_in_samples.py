"""The states of the sign-in drawing."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.state import parts, sign_in
from app.presenters.state.parts import Family

SIGN_IN = sign_in.SignIn(
    "Scan your badge",
    "It signs you in here, and out at the bench you were at before.",
    "Bench 4",
    "Ashford warehouse, packing and returns",
    (
        sign_in.KeyHint("N", "Type your number and PIN", "PW-NUMBER"),
        sign_in.KeyHint("F1", "No badge today"),
        sign_in.KeyHint("T", "Training, nothing is sent", "PW-TRAINING"),
    ),
    (
        sign_in.DeviceLine(
            "barcode", "Scanner", "serial:///dev/ttyACM0?baud=9600", parts.Chip("Ready", Family.OK, "check"), True
        ),
        sign_in.DeviceLine("scales", "Scale", "Steady at 0 g, 0.1 s ago", parts.Chip("Ready", Family.OK, "check")),
        sign_in.DeviceLine(
            "printer", "Label printer", "38 labels left on the roll", parts.Chip("Roll is low", Family.WARN, "warning")
        ),
        sign_in.DeviceLine(
            "file-text", "Slip printer", "A4, shared with Bench 5", parts.Chip("Ready", Family.OK, "check")
        ),
        sign_in.DeviceLine(
            "database", "Database", "ashford on 10.0.4.20, 2 ms", parts.Chip("Connected", Family.OK, "check")
        ),
        sign_in.DeviceLine(
            "cloud-arrow-up", "Unsent scans", "Everything is stored", parts.Chip("None", Family.OK, "check")
        ),
    ),
    ("Last here: Anna Lindqvist, signed out 12:58.", "Today 444 orders leave, first truck 15:30."),
    (
        parts.Command("PW-THEME", "Theme", "D", icon="moon"),
        parts.Command("PW-LANG", "English", "G", icon="globe"),
        parts.Command("PW-VOLUME", "80 %", "V", icon="speaker-high"),
    ),
)
SIGN_IN_TYPED = replace(
    SIGN_IN,
    fields=(parts.Field("number", "Your number", "12", code=True), parts.Field("pin", "PIN", "99", secret=True)),
    wrong="Number or PIN is not right.",
)
