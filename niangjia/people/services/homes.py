"""Households change: somebody leaves, another heads it, two become one; and the last such step undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.services import audit
from niangjia.people.homesteps import REASONS, homes_of_step, newest_step
from niangjia.people.models import Household, HouseholdMember, HouseholdStep, Mandate
from niangjia.people.services.home_rows import (
    Row,
    change_row,
    checked_day,
    close_household,
    household_of,
    open_places,
    tell,
)


class ReasonMissing(Refusal):
    """Why somebody left."""

    sentence = _("Please say why this person leaves the household. Nothing was changed.")


class HeadStays(Refusal):
    """A household with members has a head."""

    sentence = _(
        "This person heads the household, and others belong to it. First change the head, then let this person leave. "
        "Nothing was changed."
    )


class StillRuns(Refusal):
    """A household with something open is not closed."""

    sentence = _(
        "With this person the last one would leave the household and close it, but something is still open there: "
        "%(what)s. Bring that to its end first. Nothing was changed."
    )


class HeadAlready(Refusal):
    """Nothing to change."""

    sentence = _("This person heads the household already. Nothing was changed.")


class ActsAcross(Refusal):
    """A family mandate between two who would not be one family any more."""

    sentence = _(
        "Since the two became one household, somebody of one acts for somebody of the other. First end that family "
        "mandate, then undo the step. Nothing was changed."
    )


class NoStepToUndo(Refusal):
    """Nothing was done, or somebody was faster."""

    sentence = _("There is no step to undo in this household. Nothing was changed.")


class ChangedSinceStep(Refusal):
    """The rows say something else now."""

    sentence = _(
        "Somebody of this household belongs to another one now, or was changed since, so the last step cannot be "
        "undone exactly. Nothing was changed. Enter the person in this household anew instead."
    )


@transaction.atomic
def leave_household(*, household_id: int, place: int, on: date, reason: str, acting_user: User) -> HouseholdStep:
    """Let a member leave a household on a day, with the reason; the last one to leave closes it.

    Entered by mistake means that the person never belonged to it: the membership ends on its first day.
    """
    household = household_of(household_id, acting_user)
    member = _open_place(household, place)
    if reason not in REASONS:
        raise ReasonMissing(field="reason")
    others = open_places(household).exclude(pk=member.pk)
    if member.relation == HouseholdMember.Relation.HEAD and others.exists():
        raise HeadStays
    day = member.valid_from if reason == HouseholdStep.Reason.MISTAKE else checked_day(on, member.valid_from)
    changes = [change_row(member, valid_to=day), *_end_mandates(member, acting_user)]
    if not others.exists():
        changes.append(close_household(household, day, acting_user, StillRuns))
    kept = {"changed": changes, "made": []}
    step = _step(household, HouseholdStep.Kind.LEAVE, day, member, kept, acting_user, reason)
    tell("people.household:leave", household, acting_user, {"person": member.person_id, "on": day}, reason)
    return step


@transaction.atomic
def change_head(
    *, household_id: int, place: int, on: date, relations: Mapping[int, str], acting_user: User
) -> HouseholdStep:
    """Let another member head a household from a day; `relations` says what each of the others is to him then.

    Who is not named there stays what he was, and the old head becomes another member.
    """
    household = household_of(household_id, acting_user)
    new = _open_place(household, place)
    if new.relation == HouseholdMember.Relation.HEAD:
        raise HeadAlready(field="head")
    changes, fresh = [], []
    # The old head first: a household has one.
    for member in open_places(household).order_by("-pk"):
        wanted = "head" if member.pk == new.pk else relations.get(member.pk, _relation_without(member))
        if wanted != member.relation:
            changes.append(change_row(member, valid_to=checked_day(on, member.valid_from)))
            fresh.append((member.person_id, wanted))
    made = [
        HouseholdMember.objects.create(household=household, person_id=person, relation=wanted, valid_from=on).pk
        for person, wanted in fresh
    ]
    step = _step(household, HouseholdStep.Kind.HEAD, on, new, {"changed": changes, "made": made}, acting_user)
    tell("people.household:head", household, acting_user, {"person": new.person_id, "on": on}, "")
    return step


@transaction.atomic
def undo_step(*, household_id: int, acting_user: User) -> HouseholdStep:
    """Undo the last step of a household: every place stands as it stood before."""
    touched = homes_of_step(newest_step([household_id]), household_id)
    for pk in sorted(touched):
        household_of(pk, acting_user)
    household = Household.objects.get(pk=household_id)
    # Of both, where two became one: what came after in either stands in the way.
    step = newest_step(touched)
    if step is None:
        raise NoStepToUndo
    if homes_of_step(step, household_id) != touched or _moved_apart(step):
        raise ChangedSinceStep
    if step.joined is not None and _acts_across(step):
        raise ActsAcross
    try:
        with transaction.atomic():
            _put_back(step)
    except IntegrityError:
        raise ChangedSinceStep from None
    step.undone_by, step.undone_at = acting_user, clock.now()
    step.save(update_fields=["undone_by", "undone_at"])
    for one in [household] if step.joined is None else [step.household, step.joined]:
        tell("people.household:undo", one, acting_user, {"step": step.kind, "on": step.on}, "")
    return step


def _moved_apart(step: HouseholdStep) -> bool:
    """Whether the household that stayed went to another union since: the other one would be left behind alone."""
    return step.joined is not None and step.joined.union_id != step.household.union_id


def _acts_across(step: HouseholdStep) -> bool:
    """Whether somebody who would go back acts for one who stays, or the other way round."""
    places = HouseholdMember.objects.filter(household=step.household, valid_to__isnull=True)
    back = places.filter(pk__in=step.kept["made"]).values("person_id")
    there = places.exclude(pk__in=step.kept["made"]).values("person_id")
    across = Q(person_id__in=back, deputy_id__in=there) | Q(person_id__in=there, deputy_id__in=back)
    return Mandate.objects.filter(across, ended_at__isnull=True).exists()


def _open_place(household: Household, place: int) -> HouseholdMember:
    found = open_places(household).filter(pk=place).first()
    if found is None:
        raise NotFoundHere
    return found  # type: ignore[no-any-return]


def _relation_without(member: HouseholdMember) -> str:
    return "other" if member.relation == HouseholdMember.Relation.HEAD else member.relation


def _end_mandates(member: HouseholdMember, acting_user: User) -> list[list[Any]]:
    """Who acts for whom stays within the household: what the leaver gave or holds ends with his going."""
    ends = Q(person_id=member.person_id) | Q(deputy_id=member.person_id)
    found = list(Mandate.objects.select_for_update().filter(ends, ended_at__isnull=True).order_by("pk"))
    for mandate in found:
        audit.record(
            "people.mandate:end", acting_user=acting_user, object_kind="person", object_id=mandate.person_id,
            union_id=mandate.union_id, after={"mandate": mandate.public_id, "deputy": mandate.deputy_id},
        )  # fmt: skip
    return [change_row(mandate, ended_at=clock.now(), ended_by_id=acting_user.pk) for mandate in found]


def _step(
    household: Household, kind: str, on: date, member: HouseholdMember, kept: Row, acting_user: User, reason: str = ""
) -> HouseholdStep:
    return HouseholdStep.objects.create(
        household=household, kind=kind, on=on, reason=reason, place=member.pk, kept=kept, said_by=acting_user,
        said_at=clock.now(),
    )  # fmt: skip


_MODELS: dict[str, Any] = {"household": Household, "householdmember": HouseholdMember, "mandate": Mandate}


def _put_back(step: HouseholdStep) -> None:
    made = HouseholdMember.objects.filter(pk__in=step.kept["made"], valid_to__isnull=True)
    if made.count() != len(step.kept["made"]):
        raise ChangedSinceStep
    made.delete()
    for name, pk, was, now in step.kept["changed"]:
        if not _MODELS[name].objects.filter(pk=pk, **now).update(**was):
            raise ChangedSinceStep
