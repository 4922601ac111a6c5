"""What holds for a whole roster, read from the rights of whoever acts at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.queries import descendants, unions_in
from niangjia.federation.scopes import scope_of
from niangjia.people import queries
from niangjia.people.models import RosterImport
from niangjia.people.rosters.judging import Frame
from niangjia.people.rosters.kinds import roster_kinds

T = TypeVar("T")


def frame_of(roster: RosterImport, user: User) -> Frame | None:
    """The frame of a roster as far as a user may write; None when the right to it is gone."""
    kind, today = roster_kinds.get(roster.kind), clock.today()
    scope = scope_of(user, kind.right)
    if not scope.reaches_union(roster.union_id):
        return None
    reached = unions_in(scope).filter(pk__in=descendants(roster.union_id))
    below = list(reached.values_list("pk", "name", "code", "ended_on"))
    # What became part of another keeps the persons it has, and takes none in.
    open_to = [row for row in below if row[3] is None or row[3] > today]
    return Frame(
        kind=kind, union_id=roster.union_id, reach=frozenset(pk for pk, *_ in below),
        unions={code: pk for pk, _, code, _ in open_to} | {name: pk for pk, name, _, _ in open_to},
        union_names={pk: name for pk, name, *_ in below}, true_on=roster.true_on, source=roster.source, today=today,
        own_persons=frozenset(queries.own_subjects(user, today)["person"]), roster_id=roster.pk,
    )  # fmt: skip


def in_chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most so many."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk
