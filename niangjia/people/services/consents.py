"""Consent and family mandates: given and taken back alike, on one's own page, on paper or at the window."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.ids import new_public_id
from niangjia.federation.scopes import require, scope_of
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people import queries
from niangjia.people.models import Consent, HouseholdMember, Mandate, Person
from niangjia.people.purposes import BUREAU_CHECK, Purpose, purposes
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.persons import WORKING_AGE, WRITE

OWN = "people.own:state"
_WAYS_AT_THE_DESK = frozenset({Mandate.Way.PAPER, Mandate.Way.WINDOW})


class NotYoursToAnswer(Refusal):
    """The purpose rests on law."""

    sentence = _("This rests on law and not on consent, so there is nothing to give or take back. Nothing was changed.")


class PaperMissing(Refusal):
    """Consent on paper needs the paper."""

    sentence = _("The signed paper is missing. Please photograph it. Nothing was recorded.")


class WayMissing(Refusal):
    """Neither on paper nor at the window."""

    sentence = _("Please say how the person told you: on paper, or at the window. Nothing was recorded.")


class NotOfTheFamily(Refusal):
    """A mandate stays within the household."""

    sentence = _("Only a grown member of your household can act for you here. Nothing was changed.")


class MandateThere(Refusal):
    """Given before."""

    sentence = _("This person acts for you already. Nothing was changed.")


def open_mandate(user: User, person_id: int) -> Mandate | None:
    """The mandate by which a user acts for somebody of his family now."""
    mine = scope_of(user, OWN).persons
    return Mandate.objects.filter(person_id=person_id, deputy_id__in=mine, ended_at__isnull=True).first()


def acts_for(user: User, person_id: int) -> Mandate | None:
    """None for oneself, the mandate for a family member; `NotFoundHere` for anybody else."""
    if person_id in scope_of(user, OWN).persons:
        return None
    mandate = open_mandate(user, person_id)
    if mandate is None:
        raise NotFoundHere
    return mandate


@transaction.atomic
def answer_purpose(*, person_id: int, purpose: str, given: bool, request_id: str, acting_user: User) -> Consent:
    """A person, or who acts for him, gives or takes back his consent; it counts from this moment."""
    mandate = acts_for(acting_user, person_id)
    return _answer(person_id, purpose, given, request_id, acting_user, Mandate.Way.OWN_PAGE, mandate=mandate)


@transaction.atomic
def record_answer(
    *, person_id: int, purpose: str, given: bool, way: str, photograph: UploadedFile | None, request_id: str,
    acting_user: User,
) -> Consent:  # fmt: skip
    """An officer records what a person answered on paper (with the paper) or at the window."""
    union_id = queries.owner_of("person", person_id)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    if way not in _WAYS_AT_THE_DESK:
        raise WayMissing(field="way")
    if way == Mandate.Way.PAPER and photograph is None:
        raise PaperMissing(field="photograph")
    paper = photograph and store_upload(
        upload=photograph, purpose=f"consent.{purpose}", object_kind="consent", union_id=union_id,
        acting_user=acting_user,
    )  # fmt: skip
    return _answer(person_id, purpose, given, request_id, acting_user, way, paper=paper or None)


def _answer(
    person_id: int, purpose: str, given: bool, request_id: str, acting_user: User, way: str, *,
    paper: Any = None, mandate: Mandate | None = None,
) -> Consent:  # fmt: skip
    earlier = Consent.objects.filter(request_id=request_id, recorded_by=acting_user).first()
    if earlier is not None:
        return earlier
    found = _asked(purpose)
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    row = Consent.objects.create(
        person=person, union_id=person.union_id, purpose=purpose, version=found.version, given=given, way=way,
        paper=paper, mandate=mandate, recorded_by=acting_user, recorded_at=clock.now(), request_id=request_id,
    )  # fmt: skip
    audit.record(
        "people.consent:give" if given else "people.consent:withdraw", acting_user=acting_user,
        object_kind="person", object_id=person.pk, union_id=person.union_id,
        after={"purpose": purpose, "text": found.version, "way": way, "mandate": mandate.public_id if mandate else ""},
    )  # fmt: skip
    return row


def hold_answers(person_ids: Collection[int]) -> None:
    """Let nobody of these answer a purpose until the transaction ends; always in one order, so never in a circle."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk").values_list("pk"))


def note_signatures(*, person_ids: Collection[int], signed_on: date, paper: Any, acting_user: User) -> None:
    """Whoever signs that other offices may be asked says yes with it: the signed paper is his answer.

    A paper that is no newer than his last no does not undo it. Part of an act of this room, which has checked
    the right.
    """
    hold_answers(person_ids)
    states = queries.consents(BUREAU_CHECK, person_ids)
    for pk in sorted(person_ids):
        state = states[pk]
        is_older = state.at is not None and not state.given and signed_on <= state.at.astimezone(clock.LOCAL).date()
        if not state.allowed and not is_older:
            _answer(pk, BUREAU_CHECK, True, new_public_id(), acting_user, Mandate.Way.PAPER, paper=paper)


def _asked(purpose: str) -> Purpose:
    if purpose not in purposes:
        raise NotFoundHere
    found = purposes.get(purpose)
    if not found.rests_on_consent:
        raise NotYoursToAnswer
    return found


@transaction.atomic
def give_mandate(*, person_id: int, deputy_id: int, acting_user: User) -> Mandate:
    """A person lets a grown member of his household act for him; only he himself can."""
    if person_id not in scope_of(acting_user, OWN).persons:
        raise NotFoundHere
    return _mandate(person_id, deputy_id, acting_user, Mandate.Way.OWN_PAGE)


@transaction.atomic
def record_mandate(
    *, person_id: int, deputy_id: int, way: str, photograph: UploadedFile | None, acting_user: User
) -> Mandate:
    """An officer records whom a person lets act for him, as he said on paper (with the paper) or at the window."""
    union_id = queries.owner_of("person", person_id)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    if way not in _WAYS_AT_THE_DESK:
        raise WayMissing(field="way")
    if way == Mandate.Way.PAPER and photograph is None:
        raise PaperMissing(field="photograph")
    paper = photograph and store_upload(
        upload=photograph, purpose="mandate", object_kind="consent", union_id=union_id, acting_user=acting_user
    )
    return _mandate(person_id, deputy_id, acting_user, way, paper or None)


def _mandate(person_id: int, deputy_id: int, acting_user: User, way: str, paper: Any = None) -> Mandate:
    person = Person.objects.select_for_update().get(pk=person_id)
    homes = HouseholdMember.objects.filter(person=person, valid_to__isnull=True).values("household_id")
    members = HouseholdMember.objects.filter(household_id__in=homes, valid_to__isnull=True, person_id=deputy_id)
    member = members.exclude(person=person).select_related("person").first()
    born = member.person.born_on if member else None
    if member is None or (born is not None and queries.is_under(born, clock.today(), WORKING_AGE)):
        raise NotOfTheFamily(field="deputy")
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                person=person, deputy=member.person, union_id=person.union_id, way=way, paper=paper,
                given_by=acting_user, given_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise MandateThere(field="deputy") from None
    _audit_mandate("people.mandate:give", mandate, acting_user)
    return mandate


@transaction.atomic
def end_mandate(*, public_id: str, acting_user: User) -> Mandate:
    """Either of the two takes the mandate back; from this moment nothing is done under it."""
    mandate = Mandate.objects.select_for_update().filter(public_id=public_id).first()
    mine = scope_of(acting_user, OWN).persons
    if mandate is None or not {mandate.person_id, mandate.deputy_id} & mine:
        raise NotFoundHere
    if mandate.ended_at is None:
        mandate.ended_at, mandate.ended_by = clock.now(), acting_user
        mandate.save(update_fields=["ended_at", "ended_by"])
        _audit_mandate("people.mandate:end", mandate, acting_user)
    return mandate


def _audit_mandate(action: str, mandate: Mandate, acting_user: User) -> None:
    audit.record(
        action, acting_user=acting_user, object_kind="person", object_id=mandate.person_id, union_id=mandate.union_id,
        after={"mandate": mandate.public_id, "deputy": mandate.deputy_id},
    )  # fmt: skip
