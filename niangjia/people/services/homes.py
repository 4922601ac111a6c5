"""Households change: somebody leaves, another heads it, the last one closes it; and the last such step undone."""

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
from niangjia.core.facts import leave_with
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.filepage import OpenedFile, open_matters
from niangjia.people.models import HardshipFile, Household, HouseholdMember, HouseholdStep, Mandate
from niangjia.people.services.households import DatesOutOfOrder, locked
from niangjia.people.services.persons import WRITE

Row = dict[str, Any]


class FromTomorrow(Refusal):
    """What is entered has happened."""

    sentence = _("The day cannot lie after today. Nothing was changed.")


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
    household = _mine(household_id, acting_user)
    member = _open_place(household, place)
    if reason not in HouseholdStep.Reason.values:
        raise ReasonMissing(field="reason")
    others = _open_places(household).exclude(pk=member.pk)
    if member.relation == HouseholdMember.Relation.HEAD and others.exists():
        raise HeadStays
    day = member.valid_from if reason == HouseholdStep.Reason.MISTAKE else _checked(on, member.valid_from)
    changes = [_change(member, valid_to=day), *_end_mandates(member, acting_user)]
    if not others.exists():
        changes.append(_close(household, day, acting_user))
    kept = {"changed": changes, "made": []}
    step = _step(household, HouseholdStep.Kind.LEAVE, day, member, kept, acting_user, reason)
    _tell("people.household:leave", household, acting_user, {"person": member.person_id, "on": day}, reason)
    return step


@transaction.atomic
def change_head(
    *, household_id: int, place: int, on: date, relations: Mapping[int, str], acting_user: User
) -> HouseholdStep:
    """Let another member head a household from a day; `relations` says what each of the others is to him then.

    Who is not named there stays what he was, and the old head becomes another member.
    """
    household = _mine(household_id, acting_user)
    new = _open_place(household, place)
    if new.relation == HouseholdMember.Relation.HEAD:
        raise HeadAlready(field="head")
    changes, fresh = [], []
    # The old head first: a household has one.
    for member in _open_places(household).order_by("-pk"):
        wanted = "head" if member.pk == new.pk else relations.get(member.pk, _relation_without(member))
        if wanted != member.relation:
            changes.append(_change(member, valid_to=_checked(on, member.valid_from)))
            fresh.append((member.person_id, wanted))
    made = [
        HouseholdMember.objects.create(household=household, person_id=person, relation=wanted, valid_from=on).pk
        for person, wanted in fresh
    ]
    step = _step(household, HouseholdStep.Kind.HEAD, on, new, {"changed": changes, "made": made}, acting_user)
    _tell("people.household:head", household, acting_user, {"person": new.person_id, "on": on}, "")
    return step


@transaction.atomic
def undo_step(*, household_id: int, acting_user: User) -> HouseholdStep:
    """Undo the last step of a household: every place stands as it stood before."""
    household = _mine(household_id, acting_user)
    step = household.steps.select_for_update().filter(undone_at__isnull=True).order_by("-pk").first()
    if step is None:
        raise NoStepToUndo
    try:
        with transaction.atomic():
            _put_back(step)
    except IntegrityError:
        raise ChangedSinceStep from None
    step.undone_by, step.undone_at = acting_user, clock.now()
    step.save(update_fields=["undone_by", "undone_at"])
    _tell("people.household:undo", household, acting_user, {"step": step.kind, "on": step.on}, "")
    return step


def _mine(household_id: int, acting_user: User) -> Household:
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    return household


def _open_places(household: Household) -> Any:
    return HouseholdMember.objects.filter(household=household, valid_to__isnull=True)


def _open_place(household: Household, place: int) -> HouseholdMember:
    found = _open_places(household).filter(pk=place).first()
    if found is None:
        raise NotFoundHere
    return found  # type: ignore[no-any-return]


def _relation_without(member: HouseholdMember) -> str:
    return "other" if member.relation == HouseholdMember.Relation.HEAD else member.relation


def _checked(on: date, since: date) -> date:
    if on > clock.today():
        raise FromTomorrow(field="on")
    if on < since:
        raise DatesOutOfOrder(field="on")
    return on


def _end_mandates(member: HouseholdMember, acting_user: User) -> list[list[Any]]:
    """Who acts for whom stays within the household: what the leaver gave or holds ends with his going."""
    ends = Q(person_id=member.person_id) | Q(deputy_id=member.person_id)
    found = list(Mandate.objects.select_for_update().filter(ends, ended_at__isnull=True).order_by("pk"))
    for mandate in found:
        audit.record(
            "people.mandate:end", acting_user=acting_user, object_kind="person", object_id=mandate.person_id,
            union_id=mandate.union_id, after={"mandate": mandate.public_id, "deputy": mandate.deputy_id},
        )  # fmt: skip
    return [_change(mandate, ended_at=clock.now(), ended_by_id=acting_user.pk) for mandate in found]


def _change(row: Household | HouseholdMember | Mandate, **now: date | int) -> list[Any]:
    """Change columns of a row; returns where, and what they were and are."""
    was = {name: _told(getattr(row, name)) for name in now}
    type(row).objects.filter(pk=row.pk).update(**now)
    return [row._meta.model_name, row.pk, was, {name: _told(value) for name, value in now.items()}]


def _told(value: date | int | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _close(household: Household, on: date, acting_user: User) -> list[Any]:
    """Close a household of which nobody is left; nothing may run in it."""
    running = [_("the file of difficulty")] if _in_file(household) else []
    opened = OpenedFile(household.pk, household.public_id, household.union_id, acting_user, ())
    running += [matter.title for matter in open_matters(opened)]
    if running:
        raise StillRuns(StillRuns.sentence % {"what": "、".join(str(one) for one in running)})
    change = _change(household, closed_on=max(on, household.registered_on))
    # Derived rows go with the subject; undone, the household is decided about anew.
    for leave in leave_with.all():
        leave("household", [household.pk])
    return change


def _in_file(household: Household) -> bool:
    return HardshipFile.objects.filter(household=household, exited_on__isnull=True).exists()


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


def _tell(action: str, household: Household, acting_user: User, after: Row, reason: str) -> None:
    audit.record(
        action, acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id, after=after, reason=reason,
    )  # fmt: skip
