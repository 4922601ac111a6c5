"""零就业家庭: a household of working age in which nobody has work, as a fact with its records and its next change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from niangjia.core.facts import BUREAU, Fact, FactReading, register_fact
from niangjia.people import readers
from niangjia.people.models import EmploymentSpell, HouseholdMember
from niangjia.people.readers import Readings, Wanted

# From sixteen on the law lets somebody work; until these ages the register of employment asks about him.
STARTS_AT = 16
ENDS_AT = {"male": 60, "female": 55}
_SOURCE = ("家庭成员和用工登记", "Members of the household and register of employment")
_SCHOOL = ("none", None)


def register() -> None:
    """Offer it."""
    register_fact(
        Fact(
            code="nobody_in_work", subject="household", type="bool", zh="零就业家庭", en="Nobody in work",
            read=nobody_in_work, supplier="bureau:人社局", purpose="帮零就业家庭至少一人就业",
            legal_ground="《中华人民共和国就业促进法》",
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One member on a date, as the records have him."""

    person_id: int
    sex: str
    born_on: date | None

    @property
    def begins(self) -> date | None:
        """The day he comes of working age."""
        return None if self.born_on is None else readers.birthday(self.born_on, STARTS_AT)

    @property
    def ends(self) -> date | None:
        """The day he leaves working age."""
        # Without a sex the later age: somebody is not taken off the list of those who may work by a gap.
        age = ENDS_AT.get(self.sex, max(ENDS_AT.values()))
        return None if self.born_on is None else readers.birthday(self.born_on, age)


def nobody_in_work(ids: Wanted, on: date) -> Readings:
    """Whether a household has members of working age and none of them in work.

    Somebody at school is not asked. Not known of one member, it is not known of the household, unless another is
    known to work. A household without anybody of working age is not one with nobody in work.
    """
    homes = _homes(ids, on)
    people = {member.person_id for members in homes.values() for member in members}
    working = readers.in_work(sorted(people), on)
    schools = readers.recorded("person", "school_stage")(sorted(people), on)
    at_school = {pk for pk, reading in schools.items() if reading.value not in _SCHOOL}
    changes = _job_changes(people, on)
    found: Readings = {}
    for household_id, members in homes.items():
        reading = _decide(members, working, at_school, changes, on)
        if reading is not None:
            found[household_id] = reading
    return found


def _decide(
    members: list[Member],
    working: Mapping[int, FactReading],
    at_school: set[int],
    changes: Mapping[int, date],
    on: date,
) -> FactReading | None:
    asked = [one for one in members if _is_of_age(one, on) and one.person_id not in at_school]
    known = [working.get(one.person_id) for one in asked if one.born_on is not None]
    records = tuple(f"person:{one.person_id}" for one in asked)
    dates = [day for one in members for day in (one.begins, one.ends, changes.get(one.person_id)) if day and day > on]
    next_on = min(dates, default=None)
    since = max((one.on for one in known if one is not None and one.on), default=None)
    if any(one is not None and one.value is True for one in known):
        return FactReading(False, BUREAU, since, *_SOURCE, next_change_on=next_on, records=records)
    if any(one.born_on is None for one in members if one.person_id not in at_school):
        return None
    if any(one is None or one.value is None for one in known):
        return None
    return FactReading(bool(asked), BUREAU, since, *_SOURCE, next_change_on=next_on, records=records)


def _is_of_age(member: Member, on: date) -> bool:
    begins, ends = member.begins, member.ends
    return begins is None or ends is None or begins <= on < ends


def _homes(ids: Wanted, on: date) -> dict[int, list[Member]]:
    rows = HouseholdMember.objects.filter(readers.only(ids, "household_id"), valid_from__lte=on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    )
    homes: dict[int, list[Member]] = {}
    for household_id, *columns in rows.order_by("pk").values_list(
        "household_id", "person_id", "person__sex", "person__born_on"
    ):
        homes.setdefault(household_id, []).append(Member(*columns))
    return homes


def _job_changes(people: set[int], on: date) -> dict[int, date]:
    """The next day a job that is on record begins, or the day after one ends."""
    found: dict[int, date] = {}
    ahead = EmploymentSpell.objects.filter(readers.only(people, "person_id")).filter(
        Q(started_on__gt=on) | Q(ended_on__gte=on)
    )
    for person_id, started, ended in ahead.values_list("person_id", "started_on", "ended_on"):
        day = started if started > on else ended + timedelta(days=1)
        found[person_id] = min(day, found.get(person_id, day))
    return found
