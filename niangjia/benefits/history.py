"""Who was served before: by this installation's lists, and by the records taken over from paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from niangjia.benefits.models import PastServing, Serving
from niangjia.policy import queries as policy

_HERE = Q(ending__isnull=True, list_row__excluded_at__isnull=True)
ID_LIST_LIMIT = 2_000


def ever_served(programme_id: int, subject_kind: str, ids: Collection[int] | None) -> set[int]:
    """Those of the subjects that this programme served under any edition, or in earlier years on paper."""
    wanted = set(ids) if ids is not None else None
    here = Serving.objects.filter(
        _HERE,
        _among("list_row__subject_id", ids),
        list_row__programme_id=programme_id,
        list_row__subject_kind=subject_kind,
    ).values_list("list_row__subject_id", flat=True)
    slug = policy.programme_slugs([programme_id]).get(programme_id, "")
    before = PastServing.objects.filter(
        _among("subject_id", ids), programme_slug=slug, subject_kind=subject_kind
    ).values_list("subject_id", flat=True)
    found = {*here, *before}
    return found if wanted is None else found & wanted


def served_anything(kind: str, ids: Collection[int] | None) -> set[int]:
    """Those of the subjects that any programme ever served; a household counts by its members too."""
    wanted = set(ids) if ids is not None else None
    if kind == "household":
        here = Serving.objects.filter(_HERE, _among("list_row__household_id", ids)).values_list(
            "list_row__household_id", flat=True
        )
        before = PastServing.objects.filter(_among("household_id", ids)).values_list("household_id", flat=True)
    else:
        here = Serving.objects.filter(
            _HERE, _among("list_row__subject_id", ids), list_row__subject_kind=kind
        ).values_list("list_row__subject_id", flat=True)
        before = PastServing.objects.filter(_among("subject_id", ids), subject_kind=kind).values_list(
            "subject_id", flat=True
        )
    found = {pk for pk in (*here, *before) if pk is not None}
    return found if wanted is None else found & wanted


def _among(column: str, ids: Collection[int] | None) -> Q:
    # Long lists read everything and are cut down afterwards: SQLite allows 32,766 parameters.
    return Q() if ids is None or len(ids) > ID_LIST_LIMIT else Q(**{f"{column}__in": list(ids)})


@dataclass(frozen=True)
class Received:
    """One thing a household or its members were given, for its line of time."""

    on: date
    programme: str
    amount_fen: int | None
    source: str


def received_by(household_id: int) -> list[Received]:
    """Everything one household was given, newest first; the caller has checked that it is in scope."""
    past = PastServing.objects.filter(household_id=household_id)
    found = [Received(row.served_on, row.programme_name, row.amount_fen, row.source) for row in past]
    here = Serving.objects.filter(_HERE, list_row__household_id=household_id).select_related("list_row__frozen_list")
    cards = policy.cards_of({serving.list_row.frozen_list.version_id for serving in here})
    for serving in here:
        card = cards[serving.list_row.frozen_list.version_id]
        found.append(Received(serving.served_on, card.name, serving.amount_fen, serving.reference))
    return sorted(found, key=lambda one: one.on, reverse=True)
