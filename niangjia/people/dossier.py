"""One household, one file (一户一档): what its page shows, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.accounts.phones import masked
from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.federation.scopes import Scope
from niangjia.federation.services import looks
from niangjia.people.filepage import OpenedFile, UnderWay
from niangjia.people.homesteps import steps_told
from niangjia.people.models import EmploymentSpell, HardshipFile, Household, HouseholdMember, Person, Statement
from niangjia.people.queries import age_on, household_ids_of, mask_number
from niangjia.people.shown import ShownFact, label_of, shown_facts
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
    job: EmploymentSpell | None = None  # today's, or the last one
    # The file lies with a union the reader does not look after: name and relation are all that is told.
    is_elsewhere: bool = False
    place: int = 0  # the membership of the household

    @property
    def is_working(self) -> bool:
        """Whether the job is today's."""
        return self.job is not None and (self.job.ended_on is None or self.job.ended_on >= clock.today())

    @property
    def school(self) -> str:
        """The stage of school, where one is known and the person is in it."""
        stage = next((one for one in self.facts if one.code == "school_stage"), None)
        return "" if stage is None or stage.raw == "none" else stage.value

    @property
    def wage_fen(self) -> int | None:
        """The monthly income of all of today's jobs; unknown where one of them is."""
        today = clock.today()
        now = [one for one in self.jobs if one.started_on <= today and (one.ended_on is None or one.ended_on >= today)]
        wages = [one.monthly_wage_fen for one in now]
        return sum(wage for wage in wages if wage is not None) if wages and None not in wages else None


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
        return self.head.person.name if self.head else ""

    @property
    def head(self) -> PersonLine | None:
        """The head's line."""
        return next((line for line in self.members if line.relation == "head"), None)

    def opened_by(self, user: User) -> OpenedFile:
        """The file as somebody opened it, for what other rooms show on its page."""
        home, file = self.household, self.hardship
        person_ids = tuple(line.person.pk for line in self.members if not line.is_elsewhere)
        if file is None:
            return OpenedFile(home.pk, home.public_id, home.union_id, user, person_ids)
        return OpenedFile(
            home.pk, home.public_id, home.union_id, user, person_ids, file.pk, file.grade, file.cause, file.entered_on
        )


def household_file(household: Household, today: date, scope: Scope) -> HouseholdFile:
    """The file of a household that the caller found in scope; of members whose file lies outside it, the name."""
    memberships = list(
        HouseholdMember.objects.filter(household=household, valid_to__isnull=True)
        .select_related("person")
        .order_by("pk")
    )
    here = [m.person for m in memberships if scope.reaches_union(m.person.union_id)]
    lines = {line.person.pk: line for line in _lines(here, today)}
    hardship = list(HardshipFile.objects.filter(household=household).order_by("-entered_on"))
    return HouseholdFile(
        household=household,
        members=tuple(_member(m, lines.get(m.person_id)) for m in memberships),
        facts=tuple(shown_facts("household", [household.pk], today)[household.pk]),
        hardship=next((one for one in hardship if one.exited_on is None), None),
        past_hardship=tuple(one for one in hardship if one.exited_on is not None),
        timeline=tuple(timeline_of([household.pk], list(lines))),
    )


def _member(member: HouseholdMember, line: PersonLine | None) -> PersonLine:
    told: dict[str, Any] = {"relation": member.relation, "relation_label": member.relation, "place": member.pk}
    if line is not None:
        return replace(line, **told)
    # Nothing but the name goes on from here: no template can show what it does not have.
    person = Person(pk=member.person_id, public_id=member.person.public_id, name=member.person.name)
    return PersonLine(person, age=None, masked_number="", masked_phone="", jobs=(), facts=(), is_elsewhere=True, **told)


def person_line(person: Person, today: date) -> PersonLine:
    """One person that the caller found in scope."""
    return _lines([person], today)[0]


def _lines(people: list[Person], today: date) -> list[PersonLine]:
    ids = [person.pk for person in people]
    known = shown_facts("person", ids, today)
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
            facts=tuple(known[person.pk]),
            job=_present(jobs.get(person.pk, ()), today),
        )
        for person in people
    ]


def _present(jobs: Collection[EmploymentSpell], today: date) -> EmploymentSpell | None:
    """Today's job, or the last one; one that begins later is not shown as work."""
    begun = [one for one in jobs if one.started_on <= today]
    return next((one for one in begun if one.ended_on is None or one.ended_on >= today), next(iter(begun), None))


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


def statements_under_way(opened: OpenedFile) -> list[UnderWay]:
    """What the household stated and nobody has answered yet."""
    mine = Q(subject_kind="household", subject_id=opened.household_id)
    mine |= Q(subject_kind="person", subject_id__in=opened.person_ids)
    rows = Statement.objects.filter(mine, verification__isnull=True).order_by("pk")
    return [
        UnderWay(
            label_of(facts.get(f"{row.subject_kind}.{row.code}")), url=reverse("verify_statement", args=[row.public_id])
        )
        for row in rows
    ]


def file_history(household_ids: Collection[int], person_ids: Collection[int]) -> list[TimelineEntry]:
    """When the household entered the file of difficulty, and when it left; who left the household, who heads it."""
    rows = list(HardshipFile.objects.filter(household_id__in=household_ids).defer("cause"))
    entered = [TimelineEntry(row.entered_on, _("Entered the file of difficulty"), kind="file") for row in rows]
    left = [
        TimelineEntry(row.exited_on, _("Left the file of difficulty"), kind="file") for row in rows if row.exited_on
    ]
    return entered + left + steps_told(household_ids)


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
