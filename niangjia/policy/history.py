"""What was given before: policy asks, the room that gives answers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class History:
    """Two questions to the room that records what was served; no ids means all subjects of the kind.

    `ever_served(programme id, subject kind, ids)`: those served under any edition of the programme.
    `served_anything(subject kind, ids)`: those served by any programme at all.
    """

    ever_served: Callable[[int, str, Collection[int] | None], set[int]]
    served_anything: Callable[[str, Collection[int] | None], set[int]]


history: Registry[History] = Registry("policy.history")


def ever_served(programme_id: int, subject_kind: str, ids: Collection[int] | None = None) -> set[int]:
    """Those who were served under any edition of a programme."""
    return {pk for source in history.all() for pk in source.ever_served(programme_id, subject_kind, ids)}


def served_anything(subject_kind: str, ids: Collection[int] | None = None) -> set[int]:
    """Those who were served by any programme."""
    return {pk for source in history.all() for pk in source.served_anything(subject_kind, ids)}
