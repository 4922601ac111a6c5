"""One household, one file (一户一档): what its page shows, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.accounts.phones import masked
from niangjia.core import clock
from niangjia.federation.services import audit, looks
from niangjia.people.models import EmploymentSpell, HardshipFile, Household, HouseholdMember, Person
from niangjia.people.queries import age_on, household_ids_of, mask_number
from niangjia.people.shown import ShownFact, shown_facts
from niangjia.people.timeline import TimelineEntry, timeline_of


@dataclass(frozen=True)
class PersonLine:
    """One person on a page: never more than a masked number."""

    person: Person
    relation: str
    relation_label: str
    age: int | None
    masked_number: str
    masked_phone: str
    jobs: tuple[EmploymentSpell, ...]
    facts: tuple[ShownFact, ...]


@dataclass(frozen=True)
class HouseholdFile:
    """What one household's page shows."""

    household: Household
    members: tuple[PersonLine, ...]
    facts: tuple[ShownFact, ...]
    hardship: HardshipFile | None
    past_hardship: tuple[HardshipFile, ...]
    timeline: tuple[TimelineEntry, ...]

    @property
    def head_name(self) -> str:
        """The head's name."""
        return next((line.person.name for line in self.members if line.relation == "head"), "")


def household_file(household: Household, today: date) -> HouseholdFile:
    """The file of a household that the caller found in scope."""
    memberships = list(
        HouseholdMember.objects.filter(household=household, valid_to__isnull=True)
        .select_related("person")
        .order_by("pk")
    )
    lines = _lines([m.person for m in memberships], today)
    members = tuple(
        PersonLine(**{**vars(line), "relation": m.relation, "relation_label": m.relation})
        for m, line in zip(memberships, lines, strict=True)
    )
    hardship = list(HardshipFile.objects.filter(household=household).order_by("-entered_on"))
    return HouseholdFile(
        household=household,
        members=members,
        facts=tuple(shown_facts("household", [household.pk], today)[household.pk]),
        hardship=next((one for one in hardship if one.exited_on is None), None),
        past_hardship=tuple(one for one in hardship if one.exited_on is not None),
        timeline=tuple(timeline_of([household.pk], [m.person_id for m in memberships])),
    )


def person_line(person: Person, today: date) -> PersonLine:
    """One person that the caller found in scope."""
    return _lines([person], today)[0]


def _lines(people: list[Person], today: date) -> list[PersonLine]:
    ids = [person.pk for person in people]
    facts = shown_facts("person", ids, today)
    jobs = _jobs(ids)
    return [
        PersonLine(
            person=person,
            relation="",
            relation_label="",
            age=None if person.born_on is None else age_on(person.born_on, today),
            masked_number=mask_number(person.id_number) if person.id_number else "",
            masked_phone=masked(person.phone) if person.phone else "",
            jobs=tuple(jobs.get(person.pk, ())),
            facts=tuple(facts[person.pk]),
        )
        for person in people
    ]


def _jobs(person_ids: Collection[int]) -> dict[int, list[EmploymentSpell]]:
    found: dict[int, list[EmploymentSpell]] = {}
    rows = (
        EmploymentSpell.objects.filter(person_id__in=person_ids)
        .select_related("employer")
        .order_by("-started_on", "-pk")
    )
    for spell in rows:
        found.setdefault(spell.person_id, []).append(spell)
    return found


@transaction.atomic
def note_look(*, kind: str, subject_id: int, union_id: int, acting_user: User) -> None:
    """Write down that somebody opened a file: the person can see who did."""
    audit.record("people.file:look", acting_user=acting_user, object_kind=kind, object_id=subject_id, union_id=union_id)


@transaction.atomic
def reveal(*, person: Person, reason: str, acting_user: User) -> tuple[str, str]:
    """Identity and telephone number in full, for a reason that is kept with the look."""
    home = household_of(person.pk, clock.today())
    looks.note_look(
        action="people.identity:look", object_kind="person", object_id=person.pk, union_id=person.union_id,
        reason=reason, counted_as=("household", home.pk) if home else ("person", person.pk), acting_user=acting_user,
    )  # fmt: skip
    return person.id_number, person.phone


def household_of(person_id: int, today: date) -> Household | None:
    """The household a person belongs to today."""
    ids = household_ids_of(person_id, today)
    return Household.objects.filter(pk__in=ids).first()
