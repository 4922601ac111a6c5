"""What holds for a whole roster, read from the rights of whoever acts at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.queries import descendants, tree_above, union_names, unions_in
from niangjia.federation.scopes import scope_of
from niangjia.people.models import RosterImport
from niangjia.people.oneself import own_files
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
    names = {pk: name for pk, name, *_ in below}
    # What became part of another keeps the persons it has, and takes none in.
    open_to = {pk: (name, code) for pk, name, code, ended_on in below if ended_on is None or ended_on > today}
    called = _called({pk: name for pk, (name, _) in open_to.items()})
    return Frame(
        kind=kind, union_id=roster.union_id, reach=frozenset(names),
        # A code is written by whoever means one union and no other: it stands above a name.
        unions=called | {code: (pk,) for pk, (_, code) in open_to.items()}, union_names=names,
        above=_above([pk for several in called.values() if len(several) > 1 for pk in several], roster.union_id),
        true_on=roster.true_on, source=roster.source, today=today,
        own=own_files(user), roster_id=roster.pk,
    )  # fmt: skip


def _called(names: dict[int, str]) -> dict[str, tuple[int, ...]]:
    """Who has each name."""
    found: dict[str, tuple[int, ...]] = {}
    for pk, name in names.items():
        found[name] = (*found.get(name, ()), pk)
    return found


def _above(namesakes: list[int], root_id: int) -> dict[int, str]:
    """What the union above each of them is called: by that they are told apart."""
    if not namesakes:
        return {}
    parents = tree_above(namesakes, root_id)
    names = union_names({parent for parent in parents.values() if parent})
    return {pk: names.get(parents.get(pk) or 0, "") for pk in namesakes}


def in_chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most so many."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk
