"""Before a new file is kept: is this perhaps somebody who has one?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from niangjia.federation.scopes import scope_of
from niangjia.people import pairs
from niangjia.people.alike import alike
from niangjia.people.likeness import NUMBER, SIGNS, Likeness
from niangjia.people.models import Person
from niangjia.people.services.pairs import tell_apart

WRITE, MOVE = "people.registry:write", "people.registry:move"


class LooksAlike(Exception):
    """There are files that may be of the same person; nothing of what was entered is kept."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__("looks alike")
        self.rows = rows


def ask_first(request: HttpRequest, person: Person) -> None:
    """Called with a person just registered, in a transaction: raises `LooksAlike` unless the officer has answered.

    Files that the officer does not look after are neither shown nor counted.
    """
    found = alike(person, scope_of(request.user, WRITE))
    apart = set(request.POST.getlist("apart"))
    if any(one.person.public_id not in apart for one in found):
        raise LooksAlike([_row(request, person, one) for one in found])
    for one in found:
        tell_apart(
            person_id=person.pk, other_id=one.person.pk, reason=request.POST.get("apart_reason", ""),
            acting_user=request.user,
        )  # fmt: skip


def known(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    """The one file that has the number that was typed, as the same panel shows it."""
    return [{**_row(request, person, Likeness(person, (NUMBER,))), "certain": True, "sides": []}]


def _row(request: HttpRequest, person: Person, found: Likeness) -> dict[str, Any]:
    may_move = scope_of(request.user, MOVE).reaches_union(found.person.union_id)
    return {
        "person": found.person, "signs": [SIGNS[sign] for sign in found.signs],
        "sides": pairs.side_by_side(person, found.person),
        "may_transfer": may_move and found.person.union_id != person.union_id,
    }  # fmt: skip
