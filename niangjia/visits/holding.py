"""What this room keeps about one person, told to him: what was said at which visit."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.core.facts import facts
from niangjia.people.holdings import HeldRow, Holding, holdings
from niangjia.people.merged import absorbed_by
from niangjia.people.shown import label_of
from niangjia.visits.models import VisitAnswer


def register() -> None:
    """Offer it."""
    holdings.register(
        "visits.answers",
        Holding("visits.answers", gettext_lazy("Asked at home visits"), _answers, frozenset({"visits.VisitAnswer"})),
    )


def _answers(person_id: int, household_ids: Collection[int]) -> list[HeldRow]:
    # An answer keeps naming the file it was given about, also where that one went into this.
    mine = Q(subject_kind="person", subject_id__in=[person_id, *absorbed_by(person_id)])
    mine |= Q(subject_kind="household", subject_id__in=list(household_ids))
    found = []
    for row in VisitAnswer.objects.filter(mine).select_related("visit__taken_back").order_by("-pk"):
        key = f"{row.subject_kind}.{row.code}"
        # What was said at a visit of another household is not this person's to read.
        state = _("recorded by mistake, taken back") if hasattr(row.visit, "taken_back") else ""
        found.append(HeldRow(label_of(facts.get(key)) if key in facts else row.code, state, on=row.visit.visited_on))
    return found
