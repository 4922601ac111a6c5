"""`places:` in a recipe: how many places there are, what the priority groups are called, what settles equal ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from niangjia.benefits.wording import language
from niangjia.policy import queries as policy

SECTION = "places"
KEYS = ("number", "groups", "ties", "share")
# Places that go down the tree of unions, in proportion to each one's rank_key.
PROPORTIONAL = "proportional"
NEVER_SERVED = "never-served"
TIES = (NEVER_SERVED,)
_ADVICE = (
    "请写成places: {number: 数字的名称}，可以再写groups: [{zh, en}]、ties: [never-served]、share: proportional。",
    "Write places: {number: name of an amount}, with groups: [{zh, en}], ties: [never-served], share: proportional.",
)
Problem = tuple[str, str, str, str]


def check_places(value: object) -> Iterable[Problem]:
    """What is wrong with a section, with advice."""
    if not isinstance(value, Mapping):
        yield ("places要写成几项。", "places is written as entries.", *_ADVICE)
        return
    for key in value:
        if key not in KEYS:
            yield (f"places里没有“{key}”这一项。", f"places knows no entry {key!r}.", *_ADVICE)
    number = value.get("number")
    if not isinstance(number, str | int) or isinstance(number, bool) or (isinstance(number, int) and number < 0):
        yield (
            "number要写amounts.yaml里一个数字的名称，或者直接写个数。",
            "number is the name of a number in amounts.yaml, or a number.",
            *_ADVICE,
        )
    groups = value.get("groups", [])
    if not isinstance(groups, list) or not all(_is_named(one) for one in groups):
        yield ("groups里每一类要有zh和en。", "Each of the groups needs zh and en.", *_ADVICE)
    if value.get("share", PROPORTIONAL) != PROPORTIONAL:
        yield (f"share只能写{PROPORTIONAL}。", f"share can only be {PROPORTIONAL}.", *_ADVICE)
    ties = value.get("ties", [])
    if not isinstance(ties, list) or any(tie not in TIES for tie in ties):
        yield (f"ties只能写{'、'.join(TIES)}。", f"ties can be {', '.join(TIES)}.", *_ADVICE)


def _is_named(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {"zh", "en"} and all(isinstance(t, str) for t in value.values())


@dataclass(frozen=True)
class PlacesRule:
    """How one version shares out its places."""

    number: int
    groups: tuple[str, ...]
    ties: tuple[str, ...]
    share: bool = False  # among unions or employers in proportion, not to one after the other

    def group_name(self, group: int | None) -> str:
        """The name of a group in the reader's language; empty where it has none."""
        return self.groups[group - 1] if group is not None and 0 < group <= len(self.groups) else ""


def places_of(card: policy.VersionCard) -> PlacesRule | None:
    """The rule of a version; None where its places are not limited."""
    found: Any = card.sections.get(SECTION)
    if not isinstance(found, Mapping):
        return None
    number = found["number"]
    if isinstance(number, str):
        number = card.numbers[number]
    return PlacesRule(
        int(number), tuple(one[language()] for one in found.get("groups", [])), tuple(found.get("ties", [])),
        "share" in found,
    )  # fmt: skip
