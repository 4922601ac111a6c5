"""Figures of the files: start + new − left = end, who left without a check, and what others reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.units import Count
from niangjia.federation.scopes import Scope
from niangjia.people.household_rows import FileFlow, file_flow
from niangjia.visits import queries
from niangjia.visits.lists import UNCHECKED, unchecked
from niangjia.visits.models import ReportedFigure
from niangjia.visits.samplepage import per_cent

HOUSEHOLDS = "people.households"


@dataclass(frozen=True)
class Flow:
    """Files between two days: each number is counted by itself, so that the sum is a check."""

    since: date
    until: date
    counts: FileFlow
    unseen: int  # left without a check on record

    @property
    def numbers(self) -> dict[str, Count]:
        """The four numbers, each opening the households it counts."""
        eve, first = (self.since - timedelta(days=1)).isoformat(), self.since.isoformat()
        counts, day = self.counts, self.until.isoformat()
        return {
            "start": Count(counts.start, "household", url=list_url(HOUSEHOLDS, file_on=eve)),
            "entered": Count(counts.entered, "household", url=list_url(HOUSEHOLDS, file_since=first)),
            "left": Count(counts.left, "household", url=list_url(HOUSEHOLDS, left_since=first)),
            "end": Count(counts.end, "household", url=list_url(HOUSEHOLDS, file_on=day)),
            "unseen": Count(self.unseen, "household", url=list_url(UNCHECKED, since=first)),
        }

    @property
    def adds_up(self) -> bool:
        """Start + new − left = end."""
        counts = self.counts
        return counts.start + counts.entered - counts.left == counts.end


def flow_in(scope: Scope, since: date, until: date) -> Flow:
    """The flow of files in scope from the morning of one day to the evening of another."""
    counts = file_flow(scope, since, until)
    return Flow(since, until, counts, unchecked(scope, since, until).count())


@dataclass(frozen=True)
class Compared:
    """One reported figure beside the one before it: only figures of one label and one unit are compared."""

    figure: ReportedFigure
    before: ReportedFigure | None

    @property
    def fell_by(self) -> str:
        """By how much it fell, in per cent of the one before."""
        if self.before is None or self.before.value <= self.figure.value or self.before.unit != self.figure.unit:
            return ""
        return per_cent(self.before.value - self.figure.value, self.before.value)


def compared(scope: Scope) -> list[Compared]:
    """All reported figures in scope, each beside the one before it."""
    groups: dict[tuple[int, str], list[ReportedFigure]] = defaultdict(list)
    for figure in queries.reported_in(scope):
        groups[figure.union_id, figure.label].append(figure)
    return [
        Compared(figure, rows[at - 1] if at else None) for rows in groups.values() for at, figure in enumerate(rows)
    ]


@dataclass(frozen=True)
class Ratio:
    """One reported figure over another of the same source and cut-off: of how many, or how many each."""

    part: ReportedFigure
    whole: ReportedFigure

    @property
    def share(self) -> str:
        """The share in per cent, to one place; nothing where it is no share."""
        return per_cent(self.part.value, self.whole.value, 1) if self.part.value <= self.whole.value else ""

    @property
    def each(self) -> str:
        """How many of the one for each of the other, to two places."""
        if not self.whole.value:
            return ""
        hundredths = (self.part.value * 200 + self.whole.value) // (2 * self.whole.value)
        return f"{hundredths // 100}.{hundredths % 100:02d}"


def ratio_of(scope: Scope, part_id: int, whole_id: int) -> Ratio | None:
    """Two reported figures in scope set against each other; only of one source and one cut-off date."""
    found = {row.pk: row for row in queries.reported_in(scope).filter(pk__in=[part_id, whole_id])}
    part, whole = found.get(part_id), found.get(whole_id)
    if part is None or whole is None or part == whole:
        return None
    same = (part.union_id, part.source, part.cut_off_on) == (whole.union_id, whole.source, whole.cut_off_on)
    return Ratio(part, whole) if same else None


def ratio_asked(scope: Scope, asked: Mapping[str, str]) -> Ratio | None:
    """The ratio that an address asks for, or none."""
    part, whole = asked.get("part", ""), asked.get("whole", "")
    return ratio_of(scope, int(part), int(whole)) if part.isdecimal() and whole.isdecimal() else None
