"""The rule of each pointer: how it goes along when two files become one. Each room registers those of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from niangjia.core.registries import Registry
from niangjia.people.merging.pointers import Pointer, pointers

if TYPE_CHECKING:
    from niangjia.people.merging.plan import Plan


class How(StrEnum):
    """What becomes of rows that point at the file that leaves."""

    MOVES = "moves"  # they point at the file that stays
    ASIDE = "aside"  # they are laid aside with the merge, and come back when it is undone
    STAYS = "stays"  # they tell of the past and are never changed; readers follow the merge
    ELSEWHERE = "elsewhere"  # the column never names a person


@dataclass(frozen=True)
class MergeRule:
    """How the rows of one pointer go along.

    `settle` sees the rows of both files first: it may block the merge, lay rows aside, or change them.
    """

    pointer: str
    how: How
    label: str | Promise = ""
    word: str = "person"  # what the column of the kind says of a person
    owner: str = ""  # column of the union that may see the row; it follows the file
    settle: Callable[[Plan, Sequence[Any], Sequence[Any]], None] | None = None


merge_rules: Registry[MergeRule] = Registry("merge rules")


def register_rules(*rules: MergeRule) -> None:
    """Offer rules."""
    for rule in rules:
        merge_rules.register(rule.pointer, rule)


def without_rule(found: Sequence[Pointer] | None = None) -> list[str]:
    """Pointers nobody has said a rule for."""
    return [pointer.code for pointer in (pointers() if found is None else found) if pointer.code not in merge_rules]
