"""Rights and roles: what may be done, said as noun and verb; a role is a named bundle of rights."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class Right:
    """One thing that may be done; `code` is room.noun:verb."""

    code: str
    label: str | Promise
    by_programme: bool = False  # can be held for one programme: every reader and writer of it asks `of_programme`


@dataclass(frozen=True)
class Role:
    """A post's bundle of rights, given within one kind of scope.

    Roles of different `apart` groups may not be held by one user at one time: who handles does not
    confirm, who confirms does not audit, and who comes from outside to look does none of these.
    """

    code: str
    label: str | Promise
    rights: frozenset[str]
    area: str  # the area a holder lands in: desk | my | employer | partner
    apart: str = ""
    scope_kind: str = "union"  # union | employer | provider | self
    most_days: int = 3 * 366  # an officer gives it for no longer at a time
    by_programme: bool = False  # may be narrowed to one programme: who audits or confirms does so for all


rights: Registry[Right] = Registry("rights")
roles: Registry[Role] = Registry("roles")


def register_rights(*offered: Right) -> None:
    """Offer rights; a role may only name registered ones."""
    for right in offered:
        rights.register(right.code, right)
