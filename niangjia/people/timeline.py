"""One line of time on a household's file: rooms above register what they know of past help."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to a household or one of its members."""

    on: date
    title: str | Promise
    detail: str = ""
    amount_fen: int | None = None
    url: str = ""
    kind: str = "help"  # help | visit | file
    is_struck: bool = False  # recorded by mistake and taken back: told, and counted nowhere


# (ids of households, ids of persons) -> entries, in any order; the caller has checked the scope.
TimelineSource = Callable[[Collection[int], Collection[int]], list[TimelineEntry]]
timelines: Registry[TimelineSource] = Registry("timelines")


def timeline_of(household_ids: Collection[int], person_ids: Collection[int]) -> list[TimelineEntry]:
    """All entries of all rooms, newest first."""
    found = [entry for source in timelines.all() for entry in source(household_ids, person_ids)]
    return sorted(found, key=lambda entry: entry.on, reverse=True)
