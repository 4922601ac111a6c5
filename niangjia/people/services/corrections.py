"""Putting right what stands in the register wrongly: a person, a household, an employer; with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.core import crypto
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.federation.services.own_access import move_own_phone
from niangjia.people import queries
from niangjia.people.identity import parse_credit_code, parse_identity_number
from niangjia.people.likeness import holds
from niangjia.people.models import Employer, HardshipFile, Person
from niangjia.people.services.employers import EmployerKnown, EmployerNameMissing
from niangjia.people.services.households import HouseholdClosed, locked
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.pairs import note_alike
from niangjia.people.services.persons import WRITE, NameMissing, agree_with_number, refuse_known

COLUMNS = ("name", "id_number", "phone", "sex", "born_on")


class NothingDiffers(Refusal):
    """What was sent stands there already."""

    sentence = _("This is what stands in the register already. Nothing was changed.")


class SourceMissing(Refusal):
    """A correction rests on something."""

    sentence = _("Please say what this rests on: the card, a paper, a call. It is kept with the change.")


class NumberTaken(Refusal):
    """The number stands in another file."""

    sentence = _("This number stands in another file. Nothing was changed. Compare the two files first.")


class CauseWithoutFile(Refusal):
    """A cause belongs to an open file of difficulty."""

    sentence = _("This household has no open file of difficulty, so no cause stands in it. Nothing was changed.")


@transaction.atomic
def correct_person(
    *, person_id: int, name: str, id_number: str = "", phone: str = "", drops_phone: bool = False, sex: str = "",
    born_on: date | None = None, source: str, acting_user: User,
) -> Person:  # fmt: skip
    """Put a person's entries right; an empty number or telephone stays as it is, a number tells birthday and sex.

    Raises a `Refusal` naming the field; nothing is written then.
    """
    person = _locked_person(person_id)
    scope = require(acting_user, WRITE, person.union_id)
    not_his_own(acting_user, "person", person_id)
    if not name.strip():
        raise NameMissing(field="name")
    wanted: dict[str, Any] = {"name": name.strip(), "sex": sex or person.sex, "born_on": born_on or person.born_on}
    if id_number.strip():
        told = parse_identity_number(id_number)
        agree_with_number(told, born_on, sex, "born_on" if born_on else "sex")
        wanted |= {"id_number": told.number, "born_on": told.born_on, "sex": told.sex}
        if told.number != person.id_number:
            refuse_known(scope, told.number)
    elif holds(person.id_number):
        agree_with_number(parse_identity_number(person.id_number), wanted["born_on"], wanted["sex"], "born_on")
    if phone.strip() or drops_phone:
        wanted["phone"] = phones.normalise(phone) if phone.strip() else ""
    write_correction(person=person, wanted=wanted, source=source, acting_user=acting_user)
    note_alike(person)
    return person


def write_correction(*, person: Person, wanted: Mapping[str, Any], source: str, acting_user: User) -> None:
    """Write what differs, with before and after sealed in the trail; the caller has locked, and checked the right."""
    before = {column: getattr(person, column) for column in wanted if getattr(person, column) != wanted[column]}
    _worth_writing(before, source)
    for column in before:
        setattr(person, column, wanted[column])
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise NumberTaken(field="id_number") from None
    if "phone" in before:
        move_own_phone(person_id=person.pk, phone=person.phone, acting_user=acting_user)
    sealed = _sealer("person", person.pk, bytes.fromhex(person.data_key))
    audit.record(
        "people.person:correct", acting_user=acting_user, object_kind="person", object_id=person.pk,
        union_id=person.union_id, before={name: sealed(value) for name, value in before.items()},
        after={name: sealed(wanted[name]) for name in before}, reason=source.strip(),
    )  # fmt: skip


@transaction.atomic
def correct_household(
    *, household_id: int, address: str, cause: str | None, source: str, acting_user: User
) -> None:  # fmt: skip
    """Put a household's address right, and the cause in its open file of difficulty; no cause leaves that alone."""
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    not_his_own(acting_user, "household", household_id)
    if household.closed_on is not None:
        raise HouseholdClosed
    file = HardshipFile.objects.select_for_update().filter(household=household, exited_on__isnull=True).first()
    if cause is not None and file is None:
        raise CauseWithoutFile(field="cause")
    before, after = {}, {}
    if address.strip() != household.address:
        before["address"], after["address"] = household.address, address.strip()
        household.address = address.strip()
        household.save(update_fields=["address"])
    if cause is not None and file is not None and cause.strip() != file.cause:
        before["cause"], after["cause"] = file.cause, cause.strip()
        file.cause = cause.strip()
        file.save(update_fields=["cause"])
    _worth_writing(before, source)
    sealed = _sealer("household", household.pk, queries.seal_key("household", household.pk))
    audit.record(
        "people.household:correct", acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id, before={name: sealed(value) for name, value in before.items()},
        after={name: sealed(value) for name, value in after.items()}, reason=source.strip(),
    )  # fmt: skip


@transaction.atomic
def correct_employer(
    *, employer_id: int, name: str, credit_code: str, staff_count: int | None, in_zone: bool, source: str,
    acting_user: User,
) -> None:  # fmt: skip
    """Put right how an employer stands in the register; its code is checked and stays its own."""
    employer = Employer.objects.select_for_update().filter(pk=employer_id).first()
    if employer is None:
        raise NotFoundHere
    require(acting_user, WRITE, employer.union_id)
    if not name.strip():
        raise EmployerNameMissing(field="name")
    wanted = {
        "name": name.strip(), "credit_code": parse_credit_code(credit_code), "staff_count": staff_count,
        "in_zone": in_zone,
    }  # fmt: skip
    before = {column: getattr(employer, column) for column in wanted if getattr(employer, column) != wanted[column]}
    _worth_writing(before, source)
    for column in before:
        setattr(employer, column, wanted[column])
    try:
        with transaction.atomic():
            employer.save(update_fields=list(before))
    except IntegrityError:
        raise EmployerKnown(field="credit_code") from None
    audit.record(
        "people.employer:correct", acting_user=acting_user, object_kind="employer", object_id=employer.pk,
        union_id=employer.union_id, before=before, after={name: wanted[name] for name in before},
        reason=source.strip(),
    )  # fmt: skip


def _worth_writing(before: Mapping[str, Any], source: str) -> None:
    """Refuse what changes nothing, and what rests on nothing."""
    if not before:
        raise NothingDiffers
    if not source.strip():
        raise SourceMissing(field="source")


def _locked_person(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id, erased_at__isnull=True).first()
    if person is None:
        raise NotFoundHere
    return person


def _sealer(kind: str, pk: int, key: bytes) -> Any:
    place = f"audit:{kind}:{pk}"
    return lambda value: crypto.seal(str(value or ""), bound_to=place, key=key)
