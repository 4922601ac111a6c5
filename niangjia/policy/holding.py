"""What this room keeps about one person, told to him: what each programme said, and since when."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.core import clock
from niangjia.people.holdings import HeldRow, Holding, holdings
from niangjia.policy.models import Standing
from niangjia.policy.queries import cards_of


def register() -> None:
    """Offer it."""
    holdings.register(
        "policy.standings",
        Holding(
            "policy.standings", gettext_lazy("What the programmes say"), _standings,
            frozenset({"policy.Standing", "policy.Decision"}),
        ),
    )  # fmt: skip


def _standings(person_id: int, household_ids: Collection[int]) -> list[HeldRow]:
    words = {"yes": _("meets the rule so far"), "no": _("does not fit now"), "unknown": _("something is not known yet")}
    mine = Q(subject_kind="person", subject_id=person_id)
    mine |= Q(subject_kind="household", subject_id__in=list(household_ids))
    rows = list(Standing.objects.filter(mine).order_by("-changed_at"))
    cards = cards_of({row.version_id for row in rows})
    return [
        HeldRow(cards[row.version_id].name, words[row.outcome], on=row.changed_at.astimezone(clock.LOCAL).date())
        for row in rows
    ]
