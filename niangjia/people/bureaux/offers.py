"""What rooms above offer and take: lists of those about whom one fact is unknown, and visits that became needed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from niangjia.accounts.models import User
from niangjia.core.registries import Registry


@dataclass(frozen=True)
class Unknown:
    """Those about whom one fact is unknown: the list's name and the subjects' ids, of the fact's own kind."""

    title: str
    ids: tuple[int, ...]


# (user, the list's id in an address, the fact's key) -> those it lacks, or `NotFoundHere`; read in the user's scope.
UnknownOf = Callable[[User, str, str], Unknown]
unknown_lists: Registry[UnknownOf] = Registry("lists with unknowns")

# (household ids, why, who says so) -> somebody plans the visits; must bear being told twice.
WantVisits = Callable[[Collection[int], str, User], None]
wanted_visits: Registry[WantVisits] = Registry("visits that became needed")
