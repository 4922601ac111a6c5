"""Withdrawing facts that were recorded by mistake: earlier values stand again, past days keep what was known."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.people import queries
from niangjia.people.models import RecordedFact
from niangjia.people.services.own_matters import not_his_own

VERIFY = "people.fact:verify"


class FactsElsewhere(Refusal):
    """Whoever looks after one of the subjects now is not asked."""

    sentence = _(
        "Somebody who was asked about is looked after by another union by now. Ask a colleague who looks after both "
        "unions to take it back. Nothing was changed."
    )


@transaction.atomic
def withdraw_facts(*, fact_ids: Collection[int], reason: str, acting_user: User) -> int:
    """Withdraw rows of facts, all or none; returns how many. What is withdrawn already stays as it is."""
    found = RecordedFact.objects.filter(pk__in=fact_ids, withdrawn_at__isnull=True).order_by(
        "subject_kind", "subject_id"
    )
    scope = scope_of(acting_user, VERIFY)
    unions: dict[tuple[str, int], int] = {}
    for kind, pk in dict.fromkeys(found.values_list("subject_kind", "subject_id")):
        unions[kind, pk] = queries.owner_of(kind, pk, hold=True)
        if not scope.reaches_union(unions[kind, pk]):
            raise FactsElsewhere
        not_his_own(acting_user, kind, pk)
    # Read again now that nobody moves or merges whom they are about.
    rows = list(found.order_by("pk"))
    RecordedFact.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_at=clock.now())
    for row in rows:
        # The act about the subject is what the feed reads: whoever is touched is decided anew.
        audit.record(
            "people.fact:withdraw", acting_user=acting_user, object_kind=row.subject_kind, object_id=row.subject_id,
            union_id=unions[row.subject_kind, row.subject_id], before={"fact": row.code, "on": row.true_on},
            reason=reason,
        )  # fmt: skip
    return len(rows)
