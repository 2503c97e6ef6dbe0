"""The parts of the scanner doctor's screen, each made from how far the examination is."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.scanner_doctor import STEPS, DoctorState, Observation, Seen, Verdict, judge
from app.domain.scanner_findings import Finding
from app.domain.words import say, say_count
from app.presenters.devices_codes import raw_bytes
from app.presenters.state import doctor, parts
from app.presenters.state.parts import Family

SKIP, AGAIN, PRINT = "DR-SKIP", "DR-AGAIN", "DR-PRINT"
"""Short, so that their squares are large; they work where a scan arrives unharmed."""
USE, CLOSE = Command.OK.code, Command.BACK.code
_LOOKS = {
    Verdict.RIGHT: (Family.OK, "check-circle"),
    Verdict.CHANGED: (Family.WARN, "check-circle"),
    Verdict.OTHER: (Family.WARN, "warning"),
    Verdict.STRANGE: (Family.WRONG, "x-circle"),
    Verdict.SKIPPED: (Family.TODO, "prohibit"),
}


def screen(
    state: DoctorState, found: tuple[Finding, ...], said: str, now: str, new: str, *, keys: bool
) -> doctor.Doctor:
    """The whole screen. `now` is the scanner's setting, `new` the one that mends what was found."""
    done = state.step is None
    title = say("doctor.found" if done else "doctor.arrived")
    setting = ("", "")
    if done and found:
        setting = (say("doctor.setting.same" if new == now else "doctor.setting"), new)
    return doctor.Doctor(
        _banner(state, found, said),
        parts.CardHead(say("doctor.codes"), "barcode", f"{len(state.seen)} / {len(STEPS)}"),
        tuple(_row(state, number) for number in range(len(STEPS))),
        parts.CardHead(title, "magnifying-glass" if done else "barcode"),
        "" if done else _shown(state.newest),
        () if done or state.newest is None else raw_bytes(_bytes(state.newest)),
        None if done else _verdict(state),
        tuple(map(_finding, sorted(found, key=lambda one: one.good))) if done else (),
        setting,
        _commands(state, changed=done and bool(found) and new != now),
        keys,
    )


def _banner(state: DoctorState, found: tuple[Finding, ...], said: str) -> parts.Banner:
    step = state.step
    if step is not None:
        order = say("doctor.order", number=step.number, count=len(STEPS))
        begun = state.seen or state.newest
        return parts.Banner(order, said or say(step.task_key if begun else "doctor.begin"))
    if not found:
        return parts.Banner(say("doctor.order.done"), said or say("doctor.found.none"), Family.WARN, "warning")
    bad = sum(not finding.good for finding in found)
    words = say_count("doctor.summary.bad", bad) if bad else say("doctor.summary.good")
    family = Family.WARN if bad else Family.OK
    return parts.Banner(say("doctor.order.done"), said or words, family, "warning" if bad else "check-circle")


def _row(state: DoctorState, number: int) -> doctor.CodeRow:
    step = STEPS[number]
    words = say(step.name_key)
    if number < len(state.seen):
        family, icon = _LOOKS[_became(state.seen[number])]
        return doctor.CodeRow(str(number + 1), words, family, icon)
    return doctor.CodeRow(str(number + 1), words, now=number == len(state.seen))


def _became(seen: Seen) -> Verdict:
    return Verdict.SKIPPED if seen.observation is None else judge(seen.step, seen.observation)[0]


def _shown(observation: Observation | None) -> str:
    if observation is None:
        return ""
    return "".join(sign if sign.isprintable() else "·" for sign in observation.body)


def _bytes(observation: Observation) -> str:
    """The bytes as they came, in the way in which they are shown again byte for byte."""
    return observation.data.decode("utf-8", "surrogateescape") if observation.data else observation.text


def _verdict(state: DoctorState) -> doctor.FindingRow | None:
    if state.verdict is None:
        return None
    family, icon = _LOOKS[state.verdict]
    wanted = state.step.number if state.step is not None else len(STEPS)
    words = say(f"doctor.verdict.{state.verdict.value}", number=state.other.number if state.other else 0, wanted=wanted)
    if state.verdict is Verdict.STRANGE and state.tries == 0:
        words = say("doctor.verdict.strange_on")
    return doctor.FindingRow(words, "", family, icon)


def _finding(finding: Finding) -> doctor.FindingRow:
    advice = "" if finding.good else say(finding.advice_key, **finding.values)
    family, icon = (Family.OK, "check-circle") if finding.good else (Family.WARN, "warning")
    return doctor.FindingRow(say(finding.key, **finding.values), advice, family, icon)


def _commands(state: DoctorState, *, changed: bool) -> parts.CommandBar:
    close = parts.Command(CLOSE, say("doctor.close"), "Esc", icon="arrow-left")
    sheet = parts.Command(PRINT, say("doctor.print"), "P", icon="printer")
    again = parts.Command(AGAIN, say("doctor.again"), "A", icon="arrow-counter-clockwise", reason=_begun(state))
    if state.step is not None:
        skip = parts.Command(SKIP, say("doctor.skip"), "S", icon="skip-forward")
        return parts.CommandBar((skip, sheet, again, close))
    reason = "" if changed else say("doctor.use.reason")
    use = parts.Command(USE, say("doctor.use"), "Enter", kind=parts.Kind.PRIMARY, reason=reason)
    return parts.CommandBar((use, sheet, again, close))


def _begun(state: DoctorState) -> str:
    return "" if state.seen or state.newest else say("doctor.again.reason")
