"""What a row of a roster may write: each part reads what is stored, says what would change, and writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from niangjia.core.registries import Registry
from niangjia.people.rosters.judging import Frame, Judge, Part
from niangjia.people.rosters.parts.checked import CheckedPart
from niangjia.people.rosters.parts.employer import EmployerPart
from niangjia.people.rosters.parts.fact import FactPart
from niangjia.people.rosters.parts.hardship import HardshipPart
from niangjia.people.rosters.parts.household import HouseholdPart
from niangjia.people.rosters.parts.job import JobPart
from niangjia.people.rosters.parts.membership import MembershipPart
from niangjia.people.rosters.parts.own import OwnPart
from niangjia.people.rosters.parts.person import KnownPersonPart, PersonPart
from niangjia.people.rosters.parts.upper import UpperPart

roster_parts: Registry[Callable[[Frame], Part]] = Registry("parts of rosters")
# By the label of a model of a room above: what follows from its rows, before a roster that is taken back deletes them.
taken_back: Registry[Callable[[Sequence[int]], None]] = Registry("what follows when rows are taken back")


def register() -> None:
    """Offer those of this room; rooms above offer theirs."""
    for code, part in {
        "person": PersonPart, "known_person": KnownPersonPart, "membership": MembershipPart, "job": JobPart,
        "household": HouseholdPart, "hardship": HardshipPart, "employer": EmployerPart, "facts": FactPart,
        "checked": CheckedPart, "upper": UpperPart,
    }.items():  # fmt: skip
        roster_parts.register(code, part)


def judge_of(frame: Frame) -> Judge:
    """A judge with the parts of the roster's kind, and the one that leaves an officer's own rows to a colleague."""
    parts: list[Part] = [roster_parts.get(code)(frame) for code in frame.kind.parts]
    return Judge([*parts, OwnPart(frame)])
