"""Whose fault it is: the operator's (an Outcome), the environment's, or ours."""

from __future__ import annotations


class PickwickError(Exception):
    """A fault with a code of the translation catalogue and the values of its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values


class BadUseError(PickwickError):
    """Asked for something that does not exist or cannot be (exit status 2)."""


class EnvironmentFailure(PickwickError):  # noqa: N818 - a failure of the surroundings, not an error of ours
    """Database, disk, network or device failed; retrying later may help (exit status 3)."""


class StateError(PickwickError):
    """Our own fault: a transition that the states forbid, or an invariant about to break."""
