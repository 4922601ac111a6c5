"""Employers and jobs."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people import queries
from niangjia.people.identity import parse_credit_code
from niangjia.people.models import Employer, EmploymentSpell
from niangjia.people.services.households import DatesOutOfOrder
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.persons import WRITE


class EmployerKnown(Refusal):
    """The code is registered."""

    sentence = _("This credit code is registered already. Nothing was saved; use that employer's page.")


class EmployerNameMissing(Refusal):
    """An employer has a name."""

    sentence = _("Please fill in the name as it stands on the licence.")


class EmployerUnknown(Refusal):
    """No employer with this code."""

    sentence = _("No employer has this credit code. Please register the employer first, or check the code.")


class JobKnown(Refusal):
    """The same job, twice."""

    sentence = _("This job with this first day is recorded already. Nothing was saved twice.")


class JobEnded(Refusal):
    """Ended before."""

    sentence = _("This job has ended already. Nothing was changed.")


class DayInFuture(Refusal):
    """A register cannot be complete tomorrow."""

    sentence = _("This day has not come yet. Please check the date.")


@transaction.atomic
def register_employer(
    *,
    union_id: int,
    name: str,
    credit_code: str,
    staff_count: int | None = None,
    in_zone: bool = False,
    acting_user: User,
) -> Employer:
    """Register an employer with a union; its unified social credit code is unique."""
    require(acting_user, WRITE, union_id)
    if not name.strip():
        raise EmployerNameMissing(field="name")
    code = parse_credit_code(credit_code)
    try:
        with transaction.atomic():
            employer = Employer.objects.create(
                union_id=union_id, name=name.strip(), credit_code=code, staff_count=staff_count, in_zone=in_zone
            )
    except IntegrityError:
        raise EmployerKnown(field="credit_code") from None
    audit.record(
        "people.employer:register",
        acting_user=acting_user,
        object_kind="employer",
        object_id=employer.pk,
        union_id=union_id,
        after={"name": employer.name, "code": code, "staff": staff_count, "in_zone": in_zone},
    )
    return employer


def employer_with_code(text: str) -> Employer:
    """The employer with this code, wherever it is registered: names of firms are public, people's are not."""
    found = Employer.objects.filter(credit_code=parse_credit_code(text)).first()
    if found is None:
        raise EmployerUnknown(field="credit_code")
    return found


@transaction.atomic
def start_employment(
    *,
    person_id: int,
    employer_id: int,
    started_on: date,
    form: str = "contract",
    monthly_wage_fen: int | None = None,
    source: str,
    acting_user: User,
) -> EmploymentSpell:
    """Record the start of a job, as a source says; the person belongs to a union the acting user writes for."""
    union_id = queries.owner_of("person", person_id, hold=True)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    try:
        with transaction.atomic():
            spell = EmploymentSpell.objects.create(
                person_id=person_id,
                employer_id=employer_id,
                form=form,
                started_on=started_on,
                monthly_wage_fen=monthly_wage_fen,
                source=source.strip(),
                recorded_at=clock.now(),
            )
    except IntegrityError:
        raise JobKnown(field="started_on") from None
    key = queries.seal_key("person", person_id)
    wage = crypto.seal(str(monthly_wage_fen), bound_to=f"audit:person:{person_id}", key=key)
    audit.record(
        "people.employment:start",
        acting_user=acting_user,
        object_kind="person",
        object_id=person_id,
        union_id=union_id,
        after={"employer": employer_id, "on": started_on, "form": form, "wage_fen": wage, "source": source},
    )
    return spell


@transaction.atomic
def end_employment(*, person_id: int, spell_id: int, ended_on: date, acting_user: User) -> EmploymentSpell:
    """Record the last day of a job."""
    union_id = queries.owner_of("person", person_id, hold=True)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    spell = _locked_spell(person_id, spell_id)
    if ended_on < spell.started_on:
        raise DatesOutOfOrder(field="ended_on")
    if not EmploymentSpell.objects.filter(pk=spell_id, ended_on__isnull=True).update(ended_on=ended_on):
        raise JobEnded(field="ended_on")
    audit.record(
        "people.employment:end",
        acting_user=acting_user,
        object_kind="person",
        object_id=person_id,
        union_id=union_id,
        before={"employer": spell.employer_id, "started_on": spell.started_on},
        after={"ended_on": ended_on},
    )
    spell.ended_on = ended_on
    return spell


@transaction.atomic
def correct_employment(
    *, person_id: int, spell_id: int, form: str, started_on: date, ended_on: date | None,
    monthly_wage_fen: int | None, source: str, acting_user: User,
) -> EmploymentSpell:  # fmt: skip
    """Put a recorded job right: its days, its kind, its wage; the employer stays, another one is another job."""
    union_id = queries.owner_of("person", person_id, hold=True)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    spell = _locked_spell(person_id, spell_id)
    if ended_on is not None and ended_on < started_on:
        raise DatesOutOfOrder(field="ended_on")
    before = _told(spell)
    spell.form, spell.started_on, spell.ended_on = form, started_on, ended_on
    spell.monthly_wage_fen, spell.source, spell.recorded_at = monthly_wage_fen, source.strip(), clock.now()
    try:
        with transaction.atomic():
            spell.save()
    except IntegrityError:
        raise JobKnown(field="started_on") from None
    audit.record(
        "people.employment:correct", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=union_id, before=before, after=_told(spell),
    )  # fmt: skip
    return spell


@transaction.atomic
def remove_employment(*, person_id: int, spell_id: int, reason: str, acting_user: User) -> None:
    """Take out a job that never was; what it said stays in the trail."""
    union_id = queries.owner_of("person", person_id, hold=True)
    require(acting_user, WRITE, union_id)
    not_his_own(acting_user, "person", person_id)
    spell = _locked_spell(person_id, spell_id)
    before = _told(spell)
    spell.delete()
    audit.record(
        "people.employment:remove", acting_user=acting_user, object_kind="person", object_id=person_id,
        union_id=union_id, before=before, reason=reason.strip(),
    )  # fmt: skip


def _locked_spell(person_id: int, spell_id: int) -> EmploymentSpell:
    spell = EmploymentSpell.objects.select_for_update().filter(pk=spell_id, person_id=person_id).first()
    if spell is None:
        raise NotFoundHere
    return spell


def _told(spell: EmploymentSpell) -> dict[str, object]:
    """A job as the trail keeps it: the wage sealed with the person's key."""
    key = queries.seal_key("person", spell.person_id)
    wage = crypto.seal(str(spell.monthly_wage_fen), bound_to=f"audit:person:{spell.person_id}", key=key)
    return {
        "employer": spell.employer_id, "form": spell.form, "on": spell.started_on, "until": spell.ended_on,
        "wage_fen": wage, "source": spell.source,
    }  # fmt: skip
