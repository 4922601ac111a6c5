"""What changed in a household, in words: who left and why, who heads it since when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.federation.scopes import Scope
from niangjia.people.models import HouseholdMember, HouseholdStep
from niangjia.people.timeline import TimelineEntry

REASONS: dict[str, str | Promise] = {
    "left": _("Set up a household of their own"), "divorced": _("Divorced"), "died": _("Died"),
    "moved": _("Moved away"), "mistake": _("Entered by mistake"),
}  # fmt: skip


def steps_told(household_ids: Collection[int]) -> list[TimelineEntry]:
    """The steps that stand, for the line of time; the caller has checked the scope."""
    rows = list(HouseholdStep.objects.filter(household_id__in=household_ids, undone_at__isnull=True))
    names = _names(rows)
    return [TimelineEntry(row.on, title_of(row), names.get(row.place, ""), kind="file") for row in rows]


def title_of(step: HouseholdStep) -> str | Promise:
    """A step in words."""
    if step.kind == HouseholdStep.Kind.HEAD:
        return _("Heads the household since this day")
    return _("Left the household: %(reason)s") % {"reason": REASONS[step.reason]}


def last_step(household_id: int) -> TimelineEntry | None:
    """The step that could be undone now."""
    rows = HouseholdStep.objects.filter(household_id=household_id, undone_at__isnull=True).order_by("-pk")
    step = rows.first()
    return None if step is None else TimelineEntry(step.on, title_of(step), _names([step]).get(step.place, ""))


@dataclass(frozen=True)
class Place:
    """One belonging to a household, today's or an earlier one; no address where the household is out of scope."""

    relation: str
    since: date
    until: date | None
    url: str


def places_of(person_id: int, scope: Scope) -> list[Place]:
    """Where a person found in scope belongs and belonged, the newest first; what was a mistake is left out."""
    rows = HouseholdMember.objects.filter(person_id=person_id).select_related("household")
    return [
        Place(
            row.relation, row.valid_from, row.valid_to,
            reverse("household_file", args=[row.household.public_id])
            if scope.reaches_union(row.household.union_id) else "",
        )
        for row in rows.order_by("-valid_from", "-pk")
        if row.valid_to != row.valid_from
    ]  # fmt: skip


def belongs_somewhere(person_id: int) -> bool:
    """Whether a person belongs to a household now."""
    return HouseholdMember.objects.filter(person_id=person_id, valid_to__isnull=True).exists()


def _names(steps: Collection[HouseholdStep]) -> dict[int, str]:
    places = HouseholdMember.objects.filter(pk__in={step.place for step in steps})
    return dict(places.values_list("pk", "person__name"))
