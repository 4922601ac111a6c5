"""Who holds a matter: the officer to call, of the town or of the union that owns the programme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from niangjia.core import clock
from niangjia.core.workdays import workdays_after
from niangjia.federation.queries import OfficerCard, officers_of, parent_on, towns_of, union_names

# Working days within which a paper that was handed in is checked: the county's promise, as its officers give it.
CHECK_DAYS = 2


@dataclass(frozen=True)
class Holders:
    """Officers of the towns and programme owners that one page needs."""

    towns: dict[int, int]
    officers: dict[int, OfficerCard]
    answers: Mapping[int, date] = field(default_factory=dict)  # by version, the day the union promised

    def of_town(self, union_id: int, owner_id: int) -> OfficerCard | None:
        """The officer nearest to the person: of the town, else of the programme's owner."""
        return self.officers.get(self.towns.get(union_id, union_id)) or self.officers.get(owner_id)

    def answer_by(self, version_id: int, last_day: date | None) -> date | None:
        """The day the union promised, else the programme's last; none once it has passed: it is not promised again."""
        day = self.answers.get(version_id, last_day)
        return None if day is not None and version_id in self.answers and day < clock.today() else day

    def is_late(self, version_id: int) -> bool:
        """Whether the union promised a day that has passed."""
        return version_id in self.answers and self.answers[version_id] < clock.today()

    def of_owner(self, owner_id: int) -> OfficerCard | None:
        """The officer who keeps the list."""
        return self.officers.get(owner_id)


def holders(union_ids: Iterable[int], owner_ids: Collection[int]) -> Holders:
    """The officers of these unions' towns and of these owners: one query per office, however many programmes."""
    wanted = set(union_ids)
    towns = {pk: town.pk for pk, town in towns_of(wanted).items()}
    offices = {towns.get(pk, pk) for pk in wanted}
    found = {pk: cards[0] for pk in sorted(offices | set(owner_ids)) if (cards := officers_of(pk))}
    for pk in sorted(offices - found.keys()):
        # A town without an officer of its own is looked after by the union above.
        above = parent_on(pk, clock.today())
        cards = officers_of(above) if above is not None else []
        if cards:
            found[pk] = cards[0]
    # An office that lists nobody still answers, under its own name.
    nameless = (offices | set(owner_ids)) - found.keys()
    names = union_names(nameless) if nameless else {}
    found |= {pk: OfficerCard(0, name, "", "", pk, "") for pk, name in names.items()}
    return Holders(towns, found)


def check_by(handed_in_on: date | None) -> date:
    """The day by which a paper handed in on a day is checked; a day that has passed is never promised again."""
    today = clock.today()
    due = workdays_after(handed_in_on or today, CHECK_DAYS)
    return due if due >= today else workdays_after(today - timedelta(days=1), 1)
