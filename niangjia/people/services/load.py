"""Loading a whole registry at once. System act: for seeding an installation and approved imports, never behind a page.

Each loader writes its rows in batches in one transaction, with one audit row that says how many rows
of what were loaded. Rows are plain values; ids come back in the order of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from niangjia.core import clock
from niangjia.core.facts import registers as known_registers
from niangjia.federation.services import audit
from niangjia.people.models import (
    Coverage,
    Employer,
    EmploymentSpell,
    HardshipFile,
    Household,
    HouseholdMember,
    MembershipSpell,
    Person,
    RecordedFact,
)
from niangjia.people.services.facts import recordable
from niangjia.people.services.pairs import note_pairs
from niangjia.people.values import Value, to_text

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be loaded."""

    public_id: str
    union_id: int
    name: str
    sex: str
    born_on: date | None
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be loaded, with its members as (person id, relation) and the day they joined it."""

    public_id: str
    union_id: int
    address: str
    registered_on: date
    members: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class NewHardship:
    """A file of difficulty to be loaded."""

    household_id: int
    grade: str
    cause: str
    entered_on: date
    review_due_on: date
    exited_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewEmployer:
    """An employer to be loaded."""

    public_id: str
    union_id: int
    name: str
    credit_code: str
    staff_count: int | None
    in_zone: bool


@dataclass(frozen=True, slots=True)
class NewJob:
    """A spell of work to be loaded."""

    person_id: int
    employer_id: int
    form: str
    started_on: date
    ended_on: date | None
    monthly_wage_fen: int | None
    source: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class NewMembership:
    """A spell of membership to be loaded."""

    person_id: int
    union_id: int
    joined_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class NewFact:
    """A recorded fact to be loaded."""

    subject_kind: str
    subject_id: int
    union_id: int
    code: str
    value: Value
    true_on: date
    proof: int
    source_zh: str
    source_en: str
    recorded_at: datetime


@transaction.atomic
def load_persons(rows: Sequence[NewPerson], *, root_id: int) -> list[int]:
    """Load persons with their keyed indexes and a key of their own each; returns ids in order."""
    persons = []
    for row in rows:
        person = Person(
            public_id=row.public_id, union_id=row.union_id, name=row.name, sex=row.sex, born_on=row.born_on,
            id_number=row.id_number, phone=row.phone,
        )  # fmt: skip
        person.fill_keys()
        persons.append(person)
    Person.objects.bulk_create(persons, batch_size=BATCH)
    note_pairs([person.pk for person in persons])
    _tell(root_id, persons=len(persons))
    return [person.pk for person in persons]


@transaction.atomic
def load_households(rows: Sequence[NewHousehold], *, root_id: int) -> list[int]:
    """Load households and who lives in them; returns ids in order."""
    homes = [
        Household(public_id=r.public_id, union_id=r.union_id, address=r.address, registered_on=r.registered_on)
        for r in rows
    ]
    Household.objects.bulk_create(homes, batch_size=BATCH)
    members = [
        HouseholdMember(household_id=home.pk, person_id=person_id, relation=relation, valid_from=row.registered_on)
        for home, row in zip(homes, rows, strict=True)
        for person_id, relation in row.members
    ]
    HouseholdMember.objects.bulk_create(members, batch_size=BATCH)
    _tell(root_id, households=len(homes), members=len(members))
    return [home.pk for home in homes]


@transaction.atomic
def load_hardship_files(rows: Sequence[NewHardship], *, root_id: int) -> None:
    """Load files of difficulty."""
    HardshipFile.objects.bulk_create(
        [HardshipFile(household_id=r.household_id, grade=r.grade, cause=r.cause, entered_on=r.entered_on,
                      review_due_on=r.review_due_on, exited_on=r.exited_on) for r in rows],
        batch_size=BATCH,
    )  # fmt: skip
    _tell(root_id, hardship_files=len(rows))


@transaction.atomic
def load_employers(rows: Sequence[NewEmployer], *, root_id: int) -> list[int]:
    """Load employers; returns ids in order."""
    firms = [
        Employer(public_id=r.public_id, union_id=r.union_id, name=r.name, credit_code=r.credit_code,
                 staff_count=r.staff_count, in_zone=r.in_zone) for r in rows
    ]  # fmt: skip
    Employer.objects.bulk_create(firms, batch_size=BATCH)
    _tell(root_id, employers=len(firms))
    return [firm.pk for firm in firms]


@transaction.atomic
def load_jobs(rows: Sequence[NewJob], *, root_id: int, complete_on: date, registers: Mapping[str, str]) -> None:
    """Load spells of work from registers that were complete for the root and all below on a date.

    `registers` gives the source of each by its code: `employment`, `zone_roster`.
    """
    EmploymentSpell.objects.bulk_create(
        [EmploymentSpell(person_id=r.person_id, employer_id=r.employer_id, form=r.form, started_on=r.started_on,
                         ended_on=r.ended_on, monthly_wage_fen=r.monthly_wage_fen, source=r.source,
                         recorded_at=r.recorded_at) for r in rows],
        batch_size=BATCH,
    )  # fmt: skip
    _cover(registers, root_id, complete_on)
    _tell(root_id, jobs=len(rows), complete_on=complete_on.isoformat())


@transaction.atomic
def load_coverage(registers: Mapping[str, str], *, root_id: int, complete_on: date) -> None:
    """Load that registers were complete for the root and all below on a date; the source of each by its code."""
    _cover(registers, root_id, complete_on)
    _tell(root_id, registers=len(registers), complete_on=complete_on.isoformat())


def _cover(codes: Mapping[str, str], root_id: int, complete_on: date) -> None:
    Coverage.objects.bulk_create(
        [
            Coverage(
                register=known_registers.get(code).code, union_id=root_id, complete_on=complete_on, source=source,
                recorded_at=clock.now(),
            )
            for code, source in codes.items()
        ]
    )  # fmt: skip


@transaction.atomic
def load_memberships(rows: Sequence[NewMembership], *, root_id: int) -> None:
    """Load spells of membership."""
    MembershipSpell.objects.bulk_create(
        [
            MembershipSpell(person_id=r.person_id, union_id=r.union_id, joined_on=r.joined_on, ended_on=r.ended_on)
            for r in rows
        ],
        batch_size=BATCH,
    )
    _tell(root_id, memberships=len(rows))


@transaction.atomic
def load_facts(rows: Sequence[NewFact], *, root_id: int) -> None:
    """Load recorded facts; a code that is not registered as recordable raises before anything is written."""
    for kind, code in {(row.subject_kind, row.code) for row in rows}:
        recordable(kind, code)
    RecordedFact.objects.bulk_create(
        [RecordedFact(subject_kind=r.subject_kind, subject_id=r.subject_id, union_id=r.union_id, code=r.code,
                      value=to_text(r.value), true_on=r.true_on, proof=r.proof, source_zh=r.source_zh,
                      source_en=r.source_en, recorded_at=r.recorded_at) for r in rows],
        batch_size=BATCH,
    )  # fmt: skip
    _tell(root_id, facts=len(rows))


def _tell(root_id: int, **counts: int | str) -> None:
    audit.record(
        "people.registry:load", acting_user=None, object_kind="union", object_id=root_id, union_id=root_id, after=counts
    )
