"""Which union looks after somebody, for handing a matter over: told to the machine, shown to nobody."""

from __future__ import annotations

from niangjia.accounts.models import User
from niangjia.accounts.phones import normalise_or_none
from niangjia.core import crypto
from niangjia.federation.queries import towns_of, union_names
from niangjia.federation.scopes import scope_of
from niangjia.people.models import Person
from niangjia.people.models.person import searched_name


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
