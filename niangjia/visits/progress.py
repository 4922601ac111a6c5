"""A re-check by towns: how many files there are, how many were looked at again, what was found, who is behind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import officers_of, public_ids, towns_of, union_names
from niangjia.federation.scopes import Scope
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries
from niangjia.visits.lists import RECHECK, SEEN, WAITING
from niangjia.visits.models import Campaign, CampaignFile


@dataclass(frozen=True)
class TownLine:
    """One town's part of a re-check."""

    campaign: Campaign
    public_id: str
    name: str
    n_files: int
    n_done: int
    n_still: int
    n_better: int
    contact: str
    telephone: str

    @property
    def n_left(self) -> int:
        """How many wait."""
        return self.n_files - self.n_done

    @property
    def counts(self) -> dict[str, Count]:
        """Its numbers, each opening the files it counts."""
        return {
            "files": self._count(self.n_files), "done": self._count(self.n_done, state=SEEN),
            "left": self._count(self.n_left, state=WAITING), "still": self._count(self.n_still, found="still"),
            "better": self._count(self.n_better, found="better"),
        }  # fmt: skip

    def _count(self, number: int, **asked: str) -> Count:
        return Count(number, "household", url=list_url(RECHECK, self.campaign.public_id, town=self.public_id, **asked))


def _town_lines(campaign: Campaign, rows: list[CampaignFile]) -> list[TownLine]:
    """Files of a re-check found in scope, town by town; a file follows the household's union of today."""
    towns = towns_of([row.household.union_id for row in rows])
    groups: dict[int, list[CampaignFile]] = defaultdict(list)
    for row in rows:
        town = towns.get(row.household.union_id)
        groups[town.pk if town else row.household.union_id].append(row)
    names, ids = union_names(groups), public_ids(groups)
    return [_line(campaign, pk, ids[pk], names[pk], groups[pk]) for pk in sorted(groups)]


def _line(campaign: Campaign, union_id: int, public_id: str, name: str, rows: list[CampaignFile]) -> TownLine:
    verdicts = [row.visit.verdict for row in rows if row.visit is not None]
    officer = next(iter(officers_of(union_id)), None)
    return TownLine(
        campaign, public_id, name, len(rows), len(verdicts), verdicts.count("still"), verdicts.count("better"),
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
    waiting: list[FileLine]  # the first of those that wait

    @property
    def n_files(self) -> int:
        """How many files are on the list."""
        return sum(line.n_files for line in self.towns)

    @property
    def n_done(self) -> int:
        """How many were looked at again."""
        return sum(line.n_done for line in self.towns)

    @property
    def counts(self) -> dict[str, Count]:
        """The same and what waits, each opening the files it counts."""
        about, files, done = self.campaign.public_id, self.n_files, self.n_done
        return {
            "files": Count(files, "household", url=list_url(RECHECK, about)),
            "done": Count(done, "household", url=list_url(RECHECK, about, state=SEEN)),
            "left": Count(files - done, "household", url=list_url(RECHECK, about, state=WAITING)),
        }

    @property
    def more_wait(self) -> bool:
        """Whether more wait than stand on the page."""
        return self.n_files - self.n_done > len(self.waiting)

    @property
    def behind(self) -> list[TownLine]:
        """The towns where files wait."""
        return [line for line in self.towns if line.n_left]


def progress_of(scope: Scope, campaign: Campaign, today: date, limit: int = 20) -> Progress:
    """The part of a re-check that lies in scope."""
    rows = list(queries.campaign_files(scope, campaign))
    waiting = [row for row in rows if row.visit_id is None][:limit]
    cards = subject_cards("household", [row.household_id for row in waiting], today=today)
    return Progress(campaign, _town_lines(campaign, rows), [FileLine(row, cards[row.household_id]) for row in waiting])
