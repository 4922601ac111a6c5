"""Persons: registering them, moving them to another union, their first log-in."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock, crypto
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.files.services.ownership import hand_over_files
from niangjia.people import queries
from niangjia.people.identity import IdentityNumber, parse_identity_number
from niangjia.people.models import Household, HouseholdMember, MembershipSpell, Person, RecordedFact, Statement
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.pairs import note_alike

WRITE = "people.registry:write"
MOVE = "people.registry:move"
WORKING_AGE = 16


class NameMissing(Refusal):
    """A person has a name."""

    sentence = _("Please fill in the name as it stands on the card.")


class KnownHere(Refusal):
    """The number is registered, in scope."""

    person: Person


class KnownElsewhere(Refusal):
    """The number is registered, out of scope: nothing of that file is shown."""

    sentence = _(
        "Somebody with this identity number is registered already, with a union you do not look after. "
        "Nothing was saved. First contact: note name and telephone of who stands before you, and hand the matter over "
        "to the county union, which finds the file."
    )


class NumberSaysOtherwise(Refusal):
    """Birthday or sex typed differ from the identity number."""

    sentence = _("Birthday or sex differ from what the identity number says. Please compare them with the card.")


class AlreadyThere(Refusal):
    """A move to where one is."""

    sentence = _("This person belongs to that union already. Nothing was changed.")


@transaction.atomic
def register_person(
    *,
    union_id: int,
    name: str,
    id_number: str = "",
    phone: str = "",
    sex: str = "",
    born_on: date | None = None,
    acting_user: User,
) -> Person:
    """Register a person with a union; an identity number tells birthday and sex, and is unique.

    Raises a `Refusal` naming the field; nothing is written then.
    """
    scope = require(acting_user, WRITE, union_id)
    if not name.strip():
        raise NameMissing(field="name")
    person = Person(union_id=union_id, name=name.strip(), sex=sex, born_on=born_on)
    if id_number.strip():
        parsed = parse_identity_number(id_number)
        agree_with_number(parsed, born_on, sex, "born_on" if born_on else "sex")
        person.id_number, person.born_on, person.sex = parsed.number, parsed.born_on, parsed.sex
        refuse_known(scope, parsed.number)
    person.phone = phones.normalise(phone) if phone.strip() else ""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # registered in another window a moment ago
        refuse_known(scope, person.id_number)
        raise
    note_alike(person)
    key = bytes.fromhex(person.data_key)
    audit.record(
        "people.person:register",
        acting_user=acting_user,
        object_kind="person",
        object_id=person.pk,
        union_id=union_id,
        after={
            "name": crypto.seal(person.name, bound_to=f"audit:person:{person.pk}", key=key),
            "number": bool(id_number),
        },
    )
    return person


def agree_with_number(number: IdentityNumber, born_on: date | None, sex: str, field: str) -> None:
    """Refuse a birthday or sex that differs from what the identity number says."""
    if (born_on and born_on != number.born_on) or (sex and sex != number.sex):
        raise NumberSaysOtherwise(field=field)


def refuse_known(scope: Scope, number: str) -> None:
    """Refuse an identity number that is registered: with its file where the scope reaches it."""
    known = Person.objects.filter(id_key=crypto.keyed_index("id-number", number)).select_related("union").first()
    if known is None:
        return
    if not scope.reaches_union(known.union_id):
        raise KnownElsewhere(field="id_number")
    sentence = _("This identity number is registered already: %(name)s, %(union)s. Nothing was saved; use that file.")
    refusal = KnownHere(sentence % {"name": known.name, "union": known.union.name}, field="id_number")
    refusal.person = known
    raise refusal


@transaction.atomic
def move_person(*, person_id: int, to_union_id: int, on: date, acting_user: User) -> Person:
    """Move a person to another union: who owns the file follows, history stays.

    With the head of a household the whole household moves. An open membership ends on the day and
    begins with the new union: a transfer, not a second member.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFoundHere
    require(acting_user, MOVE, person.union_id)
    require(acting_user, MOVE, to_union_id)
    not_his_own(acting_user, "person", person_id)
    if person.union_id == to_union_id:
        raise AlreadyThere(field="to_union")
    headed = Household.objects.filter(
        members__person_id=person_id, members__relation="head", members__valid_to__isnull=True
    ).first()
    people = [person]
    if headed is not None:
        _move_household(headed, to_union_id, acting_user)
        members = HouseholdMember.objects.filter(household=headed, valid_to__isnull=True).values("person_id")
        people = list(
            Person.objects.select_for_update().filter(pk__in=members, union_id=person.union_id).order_by("pk")
        )
    for one in people:
        _move_one(one, to_union_id, on, acting_user)
    person.union_id = to_union_id
    return person


def _move_household(household: Household, to_union_id: int, acting_user: User) -> None:
    before = household.union_id
    Household.objects.filter(pk=household.pk).update(union_id=to_union_id)
    _take_along("household", household.pk, to_union_id)
    audit.record(
        "people.household:move",
        acting_user=acting_user,
        object_kind="household",
        object_id=household.pk,
        union_id=to_union_id,
        before={"union": before},
        after={"union": to_union_id},
    )


def _move_one(person: Person, to_union_id: int, on: date, acting_user: User) -> None:
    Person.objects.filter(pk=person.pk).update(union_id=to_union_id)
    if MembershipSpell.objects.filter(person=person, ended_on__isnull=True, joined_on__lte=on).update(ended_on=on):
        MembershipSpell.objects.create(person=person, union_id=to_union_id, joined_on=on)
    _take_along("person", person.pk, to_union_id)
    audit.record(
        "people.person:move",
        acting_user=acting_user,
        object_kind="person",
        object_id=person.pk,
        union_id=to_union_id,
        before={"union": person.union_id},
        after={"union": to_union_id, "on": on},
    )


def _take_along(kind: str, subject_id: int, to_union_id: int) -> None:
    # The values stay as they were recorded; only who may see them follows the person.
    RecordedFact.objects.filter(subject_kind=kind, subject_id=subject_id).update(union_id=to_union_id)
    statements = Statement.objects.filter(subject_kind=kind, subject_id=subject_id)
    hand_over_files(list(statements.exclude(evidence=None).values_list("evidence_id", flat=True)), to_union_id)
    statements.update(union_id=to_union_id)


def person_with_phone(phone: str) -> Person | None:
    """The one person of working age registered with this number (E.164); None when there are none or several."""
    found = list(Person.objects.filter(phone_key=crypto.keyed_index("phone", phone)).order_by("pk")[:20])
    grown = [person for person in found if person.born_on is None or _is_grown(person.born_on)]
    return grown[0] if len(grown) == 1 else None


def _is_grown(born_on: date) -> bool:
    return not queries.is_under(born_on, clock.today(), WORKING_AGE)


@transaction.atomic
def enter_with_phone(phone: str) -> User | None:
    """Make the account of a person who logs in for the first time, with the right to his own data. System act."""
    person = person_with_phone(phone)
    if person is None:
        return None
    user = create_user(username=f"person-{person.public_id}", display_name=person.name, phone=phone)
    grant_role(user=user, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
    audit.record(
        "people.person:enter",
        acting_user=None,
        object_kind="person",
        object_id=person.pk,
        union_id=person.union_id,
        after={"user": user.pk},
    )
    return user
