"""Which union looks after somebody, for handing a matter over: told to the machine, shown to nobody."""

from __future__ import annotations

from niangjia.accounts.models import User
from niangjia.accounts.phones import normalise_or_none
from niangjia.core import crypto
from niangjia.federation.queries import towns_of, union_names
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.models import Person
from niangjia.people.models.person import searched_name

_SHORTEST_NAME, _LONGEST_NAME = 3, 4


def union_of_known(*, name: str, phone: str) -> int | None:
    """The union of the one registered person with this name and telephone; None when nobody or several have both.

    Whoever asks must answer the same in both cases: that somebody is registered is a secret of its union.
    """
    number = normalise_or_none(phone)
    key = crypto.keyed_index("phone", number or "")
    found = Person.objects.filter(phone_key=key, name_key=searched_name(name)).values_list("union_id", flat=True)
    unions = set(found[:2])
    return unions.pop() if len(unions) == 1 else None


def looked_after_by(user: User) -> str:
    """The name of the town's union (or the nearest) that looks after whoever is logged in as a worker."""
    person = Person.objects.filter(pk__in=scope_of(user, "people.own:state").persons).first()
    if person is None:
        return ""
    town = towns_of([person.union_id]).get(person.union_id)
    return town.name if town else union_names([person.union_id])[person.union_id]


def names_within(scope: Scope, text: str) -> list[str]:
    """Names of registered persons in scope that stand in a text: three characters and more, or it finds words."""
    words = "".join(text.split())
    pieces = {words[at : at + n] for n in range(_SHORTEST_NAME, _LONGEST_NAME + 1) for at in range(len(words) - n + 1)}
    found = Person.objects.filter(scope.unions(), name_key__in=pieces).values_list("name", flat=True)
    return sorted(set(found[:10]))
