"""Before a new file is kept: is this perhaps somebody who has one?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from niangjia.federation.scopes import scope_of
from niangjia.people import pairs
from niangjia.people.alike import alike
from niangjia.people.likeness import NUMBER, SIGNS, Likeness
from niangjia.people.models import Person
from niangjia.people.models.person import searched_name
from niangjia.people.queries import person_by_public_id
from niangjia.people.services.pairs import tell_apart
from niangjia.people.services.persons import KnownHere, register_person

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


def chosen(request: HttpRequest) -> Person | None:
    """The person whose page this form was opened from, in scope; None when a new one is typed."""
    public_id = request.GET.get("person", "")
    return person_by_public_id(scope_of(request.user, WRITE), public_id) if public_id else None


def registered(request: HttpRequest, union_id: int, values: dict[str, Any]) -> Person:
    """Register who was typed, in a transaction; whose number and name are known in scope is that file.

    Raises `KnownHere` where the number is known under another name, and `LooksAlike` as `ask_first` does.
    """
    try:
        person = register_person(union_id=union_id, acting_user=request.user, **values)
    except KnownHere as found:
        if searched_name(values["name"]) != found.person.name_key:
            raise
        messages.info(request, _("This person was registered before; that file is used."))
        return found.person
    ask_first(request, person)
    return person


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
