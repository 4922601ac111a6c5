"""A re-check by towns: how many files there are, how many were looked at again, what was found, who is behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from niangjia.federation.queries import officers_of, towns_of, union_names
from niangjia.federation.scopes import Scope
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries
from niangjia.visits.models import Campaign, CampaignFile


@dataclass(frozen=True)
class TownLine:
    """One town's part of a re-check."""

    union_id: int
    name: str
    files: int
    done: int
    still: int
    better: int
    contact: str
    telephone: str

    @property
    def left(self) -> int:
        """How many wait."""
        return self.files - self.done


def town_lines(files: Iterable[CampaignFile]) -> list[TownLine]:
    """Files of a re-check found in scope, town by town; a file follows the household's union of today."""
    rows = list(files)
    towns = towns_of([row.household.union_id for row in rows])
    groups: dict[int, list[CampaignFile]] = defaultdict(list)
    for row in rows:
        town = towns.get(row.household.union_id)
        groups[town.pk if town else row.household.union_id].append(row)
    names = union_names(groups)
    return [_line(pk, names[pk], groups[pk]) for pk in sorted(groups)]


def _line(union_id: int, name: str, rows: list[CampaignFile]) -> TownLine:
    verdicts = [row.visit.verdict for row in rows if row.visit is not None]
    officer = next(iter(officers_of(union_id)), None)
    return TownLine(
        union_id, name, len(rows), len(verdicts), verdicts.count("still"), verdicts.count("better"),
        officer.name if officer else "", officer.telephone if officer else "",
    )  # fmt: skip


@dataclass(frozen=True)
class FileLine:
    """One file of a re-check on its list."""

    file: CampaignFile
    card: SubjectCard


@dataclass(frozen=True)
class Progress:
    """A whole re-check as one reader sees it."""

    campaign: Campaign
    towns: list[TownLine]
    waiting: list[FileLine]

    @property
    def files(self) -> int:
        """How many files are on the list."""
        return sum(line.files for line in self.towns)

    @property
    def done(self) -> int:
        """How many were looked at again."""
        return sum(line.done for line in self.towns)

    @property
    def behind(self) -> list[TownLine]:
        """The towns where files wait."""
        return [line for line in self.towns if line.left]


def progress_of(scope: Scope, campaign: Campaign, today: date, limit: int = 200) -> Progress:
    """The part of a re-check that lies in scope."""
    rows = list(queries.campaign_files(scope, campaign))
    waiting = [row for row in rows if row.visit_id is None][:limit]
    cards = subject_cards("household", [row.household_id for row in waiting], today=today)
    return Progress(campaign, town_lines(rows), [FileLine(row, cards[row.household_id]) for row in waiting])
