"""Pairs of files that may be of one person: noting them, and saying that they are two persons."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require, system_scope
from niangjia.federation.services import audit
from niangjia.people.alike import BATCH, alike, likely_pairs
from niangjia.people.models import Person, SuspectedPair
from niangjia.people.services.own_matters import not_his_own

MERGE = "people.registry:merge"


class ReasonMissing(Refusal):
    """An answer that is never asked again says why."""

    sentence = _("Please write in one sentence how you know. Nothing was changed.")


def note_pairs(person_ids: Collection[int]) -> int:
    """Note the pairs that persons just entered in bulk belong to; asked about once. System act."""
    at = clock.now()
    pairs = [
        SuspectedPair(person_id=first, other_id=second, signs=",".join(signs), found_at=at)
        for first, second, signs in likely_pairs(person_ids)
    ]
    SuspectedPair.objects.bulk_create(pairs, batch_size=BATCH, ignore_conflicts=True)
    return len(pairs)


def note_alike(person: Person) -> None:
    """Note the pairs that one person just entered belongs to, also where only the number is a slip away. System act."""
    for found in alike(person, system_scope()):
        first, second = sorted((person.pk, found.person.pk))
        SuspectedPair.objects.get_or_create(
            person_id=first, other_id=second, defaults={"signs": ",".join(found.signs), "found_at": clock.now()}
        )


@transaction.atomic
def tell_apart(*, person_id: int, other_id: int, reason: str, acting_user: User) -> SuspectedPair:
    """Say that two files are of two persons, and how one knows: it is not asked again."""
    first, second = sorted((person_id, other_id))
    owners = dict(Person.objects.filter(pk__in=(first, second)).values_list("pk", "union_id"))
    if len(owners) != 2:
        raise NotFoundHere
    for union_id in owners.values():
        require(acting_user, "people.registry:write", union_id)
    for pk in (first, second):
        not_his_own(acting_user, "person", pk)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    pair, _made = SuspectedPair.objects.select_for_update().get_or_create(
        person_id=first, other_id=second, defaults={"signs": "", "found_at": clock.now()}
    )
    pair.reason, pair.told_apart_by, pair.told_apart_at = reason.strip()[:200], acting_user, clock.now()
    pair.save(update_fields=["reason", "told_apart_by", "told_apart_at"])
    audit.record(
        "people.pair:tell_apart", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=owners[person_id], after={"other_person": other_id}, reason=reason.strip(),
    )  # fmt: skip
    return pair
