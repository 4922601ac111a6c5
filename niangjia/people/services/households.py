"""Households: entering one, its members, its file of difficulty."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import crypto
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people import queries
from niangjia.people.filepage import Leaving, leaving_rules
from niangjia.people.models import HardshipFile, Household, HouseholdMember
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.persons import WRITE


class InAnotherHousehold(Refusal):
    """One household per person at a time."""

    sentence = _(
        "This person belongs to a household already. Nothing was changed. On the page of that household, first let "
        "this person leave it."
    )


class SecondHead(Refusal):
    """One head per household."""

    sentence = _("This household has a head already. Nothing was changed. Choose another relation.")


class HouseholdClosed(Refusal):
    """Nobody lives there any more."""

    sentence = _("The last member of this household left it, and it is closed. Nothing was changed. Open a new one.")


class FileOpen(Refusal):
    """One open file per household."""

    sentence = _("This household has an open file of difficulty. Nothing was changed.")


class NoOpenFile(Refusal):
    """Nothing to close."""

    sentence = _("This household has no open file of difficulty. Nothing was changed.")


class DatesOutOfOrder(Refusal):
    """An end before its beginning."""

    sentence = _("The second date lies before the first. Please check both.")


@transaction.atomic
def register_household(
    *, union_id: int, head_id: int, address: str, registered_on: date, acting_user: User
) -> Household:
    """Register a household with its head; both belong to unions the acting user writes for."""
    require(acting_user, WRITE, union_id)
    household = Household.objects.create(union_id=union_id, address=address.strip(), registered_on=registered_on)
    audit.record(
        "people.household:register",
        acting_user=acting_user,
        object_kind="household",
        object_id=household.pk,
        union_id=union_id,
        after={"registered_on": registered_on},
    )
    add_member(
        household_id=household.pk, person_id=head_id, relation="head", valid_from=registered_on, acting_user=acting_user
    )
    return household


@transaction.atomic
def add_member(
    *, household_id: int, person_id: int, relation: str, valid_from: date, acting_user: User
) -> HouseholdMember:
    """Add a person to a household from a date."""
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    require(acting_user, WRITE, queries.owner_of("person", person_id, hold=True))
    not_his_own(acting_user, "household", household_id)
    not_his_own(acting_user, "person", person_id)
    if household.closed_on is not None:
        raise HouseholdClosed
    try:
        with transaction.atomic():
            member = HouseholdMember.objects.create(
                household=household, person_id=person_id, relation=relation, valid_from=valid_from
            )
    except IntegrityError:
        taken = HouseholdMember.objects.filter(person_id=person_id, valid_to__isnull=True).exists()
        raise InAnotherHousehold(field="name") if taken else SecondHead(field="relation") from None
    audit.record(
        "people.household:join",
        acting_user=acting_user,
        object_kind="household",
        object_id=household.pk,
        union_id=household.union_id,
        after={"person": person_id, "relation": relation, "from": valid_from},
    )
    return member


@transaction.atomic
def open_hardship_file(
    *, household_id: int, grade: str, cause: str, entered_on: date, review_due_on: date, acting_user: User
) -> HardshipFile:
    """Open a household's file of difficulty, with the day of its next review."""
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    not_his_own(acting_user, "household", household_id)
    if household.closed_on is not None:
        raise HouseholdClosed
    if review_due_on < entered_on:
        raise DatesOutOfOrder(field="review_due_on")
    try:
        with transaction.atomic():
            found = HardshipFile.objects.create(
                household=household,
                grade=grade,
                cause=cause.strip(),
                entered_on=entered_on,
                review_due_on=review_due_on,
            )
    except IntegrityError:
        raise FileOpen(field="grade") from None
    key = queries.seal_key("household", household.pk)
    sealed = crypto.seal(cause.strip(), bound_to=f"audit:household:{household.pk}", key=key)
    audit.record(
        "people.hardship:open",
        acting_user=acting_user,
        object_kind="household",
        object_id=household.pk,
        union_id=household.union_id,
        after={"grade": grade, "cause": sealed, "from": entered_on, "review": review_due_on},
    )
    return found


@transaction.atomic
def close_hardship_file(*, household_id: int, exited_on: date, reason: str, acting_user: User) -> HardshipFile:
    """Close a household's file of difficulty after a fresh check; nothing that was paid is taken back."""
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    not_his_own(acting_user, "household", household_id)
    found = HardshipFile.objects.filter(household=household, exited_on__isnull=True).first()
    if found is None:
        raise NoOpenFile
    if exited_on < found.entered_on:
        raise DatesOutOfOrder(field="exited_on")
    found.exited_on = exited_on
    found.save(update_fields=["exited_on"])
    for rule in leaving_rules.all():
        rule(Leaving(household.pk, found.pk, household.union_id, found.entered_on, exited_on, acting_user))
    audit.record(
        "people.hardship:close",
        acting_user=acting_user,
        object_kind="household",
        object_id=household.pk,
        union_id=household.union_id,
        after={"on": exited_on},
        reason=reason,
    )
    return found


@transaction.atomic
def change_grade(*, household_id: int, grade: str, review_due_on: date, reason: str, acting_user: User) -> HardshipFile:
    """Put a household's open file under another grade, or confirm it, and say when it is looked at again."""
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    not_his_own(acting_user, "household", household_id)
    found = HardshipFile.objects.filter(household=household, exited_on__isnull=True).first()
    if found is None:
        raise NoOpenFile
    if review_due_on < found.entered_on:
        raise DatesOutOfOrder(field="review_due_on")
    before = {"grade": found.grade, "review": found.review_due_on}
    found.grade, found.review_due_on = grade, review_due_on
    found.save(update_fields=["grade", "review_due_on"])
    audit.record(
        "people.hardship:grade", acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id, before=before, after={"grade": grade, "review": review_due_on}, reason=reason,
    )  # fmt: skip
    return found


def locked(household_id: int) -> Household:
    """A household, locked for the transaction, or `NotFoundHere`."""
    household = Household.objects.select_for_update().filter(pk=household_id).first()
    if household is None:
        raise NotFoundHere
    return household
