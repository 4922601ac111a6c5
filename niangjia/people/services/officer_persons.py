"""Saying which file of the register an officer is, and taking that back: a colleague who gives roles there does it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.models import OfficerPerson, Person
from niangjia.people.officer_persons import GIVE, READ, unions_of
from niangjia.people.services.own_matters import not_his_own


class HimselfSaid(Refusal):
    """Nobody says of himself who he is, or that it does not hold."""

    sentence = _(
        "This is your own account. A colleague says which file you are, or takes it back. Nothing was changed."
    )


class SaidAlready(Refusal):
    """One file for one officer."""

    sentence = _(
        "Which file this officer is has been said already. Nothing was changed. Take that back first, with the reason."
    )


class NothingSaid(Refusal):
    """Somebody was faster."""

    sentence = _("Nothing is said of this officer any more. Nothing was changed; here is how it stands now.")


class SourceMissing(Refusal):
    """Who reads it next year asks how it was known."""

    sentence = _("Please write in a few words how you know: the card, the personal file. Nothing was changed.")


class WhyMissing(Refusal):
    """Taking it back lifts a guard."""

    sentence = _("Please write in one sentence why it does not hold. Nothing was changed.")


@transaction.atomic
def say_person(*, user_id: int, person_public_id: str, source: str, acting_user: User) -> OfficerPerson:
    """Say which file an officer is; with an empty one, that he stands in none. From now on it holds him back.

    Raises `HimselfSaid`, `SaidAlready`, `SourceMissing`, or `OwnMatter` for a file of one's own household.
    """
    officer, union_id = _officer(user_id, acting_user)
    person = _file(person_public_id, acting_user) if person_public_id else None
    if not source.strip():
        raise SourceMissing(field="source")
    if OfficerPerson.objects.filter(user=officer, ended_at__isnull=True).exists():
        raise SaidAlready
    said = OfficerPerson.objects.create(
        user=officer, person=person, source=source.strip()[:200], said_by=acting_user, said_at=clock.now()
    )
    _tell("say", said, union_id, acting_user, source)
    return said


@transaction.atomic
def take_person_back(*, user_id: int, reason: str, acting_user: User) -> OfficerPerson:
    """Take back what was said of an officer; it stays on record with the reason, and he waits to be said anew."""
    officer, union_id = _officer(user_id, acting_user)
    if not reason.strip():
        raise WhyMissing(field="reason")
    said = OfficerPerson.objects.filter(user=officer, ended_at__isnull=True).first()
    if said is None:
        raise NothingSaid
    if said.person_id is not None:
        not_his_own(acting_user, "person", said.person_id)
    said.ended_by, said.ended_at, said.end_reason = acting_user, clock.now(), reason.strip()[:200]
    said.save(update_fields=["ended_by", "ended_at", "end_reason"])
    _tell("unsay", said, union_id, acting_user, reason)
    return said


def _officer(user_id: int, acting_user: User) -> tuple[User, int]:
    """An officer, locked for the transaction, and the union of his at which the acting user gives roles."""
    officer = User.objects.select_for_update().filter(pk=user_id).first()
    if officer is None:
        raise NotFoundHere
    # What somebody holds for the time of another's leave is work to be done: it says of nobody who he is.
    scope = require(acting_user, GIVE, as_deputy=False)
    reached = next((pk for pk in unions_of(user_id) if scope.reaches_union(pk)), None)
    if reached is None:
        raise NotFoundHere
    if officer.pk == acting_user.pk:
        raise HimselfSaid
    return officer, reached


def _file(public_id: str, acting_user: User) -> Person:
    person = Person.objects.select_for_update(no_key=True).filter(public_id=public_id, erased_at__isnull=True).first()
    if person is None:
        raise NotFoundHere
    require(acting_user, READ, person.union_id)
    not_his_own(acting_user, "person", person.pk)
    return person


def _tell(verb: str, said: OfficerPerson, union_id: int, acting_user: User, reason: str) -> None:
    audit.record(
        f"people.officer:{verb}", acting_user=acting_user, object_kind="user", object_id=said.user_id,
        union_id=union_id, after={"person": said.person_id or "none"}, reason=reason.strip(),
    )  # fmt: skip
