"""What changed in a household, in words: who left and why, who heads it since when, which one joined it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
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


UNITING: dict[str, str | Promise] = {
    "married": _("Married"), "together": _("Live together from one purse now"),
    "twice": _("One household was entered twice"),
}  # fmt: skip


def steps_told(household_ids: Collection[int]) -> list[TimelineEntry]:
    """The steps that stand, for the line of time; the caller has checked the scope."""
    rows = list(_standing(household_ids))
    names, ids = _names(rows), set(household_ids)
    return [_told(row, names, row.household_id not in ids) for row in rows]


def _told(step: HouseholdStep, names: dict[int, str], from_there: bool = False) -> TimelineEntry:
    """One step in words; of two that became one the page of the other is linked, from both sides."""
    name = names.get(step.place, "")
    if step.joined is None:
        return TimelineEntry(step.on, title_of(step), name, kind="file")
    other = step.household if from_there else step.joined
    title = (
        _("This household joined another one: %(reason)s") if from_there else _("Another household joined: %(reason)s")
    )
    url = reverse("household_file", args=[other.public_id])
    return TimelineEntry(step.on, title % {"reason": UNITING[step.reason]}, name, url=url, kind="file")


def title_of(step: HouseholdStep) -> str | Promise:
    """A step of one household in words."""
    if step.kind == HouseholdStep.Kind.HEAD:
        return _("Heads the household since this day")
    return _("Left the household: %(reason)s") % {"reason": REASONS[step.reason]}


def last_step(household_id: int) -> TimelineEntry | None:
    """The step that could be undone now."""
    step = newest_step([household_id])
    return None if step is None else _told(step, _names([step]), step.household_id != household_id)


def newest_step(household_ids: Collection[int]) -> HouseholdStep | None:
    """The newest step that stands in any of these households, or by which one of them joined another."""
    return _standing(household_ids).order_by("-pk").first()


def homes_of_step(step: HouseholdStep | None, household_id: int) -> set[int]:
    """The households a step touches, or the one alone."""
    if step is None or step.joined_id is None:
        return {household_id}
    return {step.household_id, step.joined_id}


def _standing(household_ids: Collection[int]) -> QuerySet[HouseholdStep]:
    mine = Q(household_id__in=household_ids) | Q(joined_id__in=household_ids)
    return HouseholdStep.objects.filter(mine, undone_at__isnull=True).select_related("household", "joined")


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
