"""Who meets a rule and is not served: standings of `policy` with this room's holds and lists beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from niangjia.benefits import status
from niangjia.benefits.models import Hold, ListRow
from niangjia.benefits.periods import overlapping, period_of
from niangjia.benefits.status import Status
from niangjia.core import clock
from niangjia.federation.scopes import Scope
from niangjia.people.merged import went_into
from niangjia.policy import queries as policy


@dataclass(frozen=True)
class Candidate:
    """One subject of a list page: its current decision, and where it is on the way to being served."""

    standing: policy.StandingRow
    status: Status
    hold: Hold | None = None
    row: ListRow | None = None
    second: bool = False  # another subject of the same entitlement stands before this one
    used_up: bool = False  # a cap leaves nothing to give

    @property
    def held(self) -> bool:
        """Whether an open hold keeps it back."""
        return self.hold is not None

    @property
    def can_be_frozen(self) -> bool:
        """Meets the rule, is not held, on no live list, first of its entitlement, and below the caps."""
        is_free = not self.held and self.row is None and not self.second
        return self.standing.tab == "yes" and is_free and not self.used_up

    @property
    def subject_kind(self) -> str:
        """person, household, employer or union."""
        return self.standing.subject_kind

    @property
    def subject_id(self) -> int:
        """The subject's id in its own room."""
        return self.standing.subject_id

    @property
    def union_id(self) -> int:
        """The union that owns the subject."""
        return self.standing.union_id

    @property
    def household_id(self) -> int | None:
        """The household the subject belongs to, or is."""
        return self.standing.household_id

    @property
    def decision_id(self) -> int:
        """The decision the row would be frozen with."""
        return self.standing.decision_id

    @property
    def per_key(self) -> str:
        """The unique key of the entitlement."""
        return self.standing.per_key

    @property
    def amount_fen(self) -> int | None:
        """The amount in fen, of the decision or as it was frozen; None where the programme gives no money."""
        row = self.row
        if row is not None and (row.subject_kind, row.subject_id) == (self.subject_kind, self.subject_id):
            return row.amount_fen
        return self.standing.amount_fen

    @property
    def first_time(self) -> bool:
        """Never served anything before."""
        return self.standing.first_time


def candidates(scope: Scope, card: policy.VersionCard, tab: str = "yes") -> list[Candidate]:
    """Everybody of one tab in scope with holds and live rows; a fixed number of queries.

    Two subjects of one entitlement (two workers of one household where it is given per household)
    count once: the first that is not held stands for both.
    """
    standings = list(policy.standings(scope, card.id, tab=tab))
    holds = open_holds(card.id)
    rows = live_rows(card.programme_id, period_of(card, clock.today()))
    taken: set[str] = set()
    found: list[Candidate] = []
    for standing in standings:
        hold = holds.get((standing.subject_kind, standing.subject_id))
        row = rows.of(standing)
        second = hold is None and standing.per_key in taken
        if hold is None:
            taken.add(standing.per_key)
        used_up = bool(card.caps) and standing.tab == "yes" and standing.amount_fen == 0 and row is None
        state = _status(standing, hold, row, used_up=used_up)
        found.append(Candidate(standing, state, hold, row, second, used_up))
    return found


def _status(standing: policy.StandingRow, hold: Hold | None, row: ListRow | None, *, used_up: bool) -> Status:
    if row is not None and standing.tab == "yes":
        return status.of_row(row, row.frozen_list, held=hold is not None)
    if hold is not None:
        return status.HOLD
    if used_up:
        return status.USED_UP
    return status.of_tab(standing.tab, standing.changed_at)


def open_holds(version_id: int) -> dict[tuple[str, int], Hold]:
    """Open holds of a version by subject."""
    holds = Hold.objects.filter(version_id=version_id, lifted_at__isnull=True).select_related("held_by")
    return {(hold.subject_kind, hold.subject_id): hold for hold in holds}


@dataclass(frozen=True)
class LiveRows:
    """Who is on a live list already, under whichever edition: by entitlement, by subject, by household."""

    by_key: Mapping[str, ListRow]
    by_subject: Mapping[tuple[str, int], ListRow]
    by_household: Mapping[int, ListRow]  # any row of the household
    for_household: Mapping[int, ListRow]  # a row that is given to the household as a whole

    @classmethod
    def of_rows(cls, rows: Sequence[ListRow]) -> LiveRows:
        """Live rows of one programme and overlapping periods; of two that answer, the later one counts."""
        at_home = [row for row in rows if row.household_id]
        # A row stands still when its person's file goes into another; it stands for that one then.
        into = went_into({row.subject_id for row in rows if row.subject_kind == "person"}) if rows else {}
        return cls(
            by_key={row.per_key: row for row in rows},
            by_subject={(row.subject_kind, _led(row, into)): row for row in rows},
            by_household={row.household_id: row for row in at_home},
            for_household={row.household_id: row for row in at_home if counts_households(row.per_key)},
        )

    def of(self, standing: policy.StandingRow) -> ListRow | None:
        """The row that already stands for somebody.

        Editions of one programme may count differently. Given once per household, on either side, what any
        member got is what the household got; two members paid per person do not stand for each other.
        """
        row = self.by_key.get(standing.per_key) or self.by_subject.get((standing.subject_kind, standing.subject_id))
        if row is not None or standing.household_id is None:
            return row
        rows = self.by_household if counts_households(standing.per_key) else self.for_household
        return rows.get(standing.household_id)


def _led(row: ListRow, into: Mapping[int, int]) -> int:
    return into.get(row.subject_id, row.subject_id) if row.subject_kind == "person" else row.subject_id


def counts_households(per_key: str) -> bool:
    """Whether an entitlement is given once per household."""
    return any(part.startswith("household:") for part in per_key.split("/"))


def live_rows(programme_id: int, period: str) -> LiveRows:
    """Live rows of all lists of a programme whose period has days in common with this one."""
    rows = list(
        ListRow.objects.filter(overlapping(period), programme_id=programme_id, excluded_at__isnull=True)
        .select_related(
            "frozen_list__notice", "frozen_list__confirmation", "frozen_list__cancellation", "frozen_list__release"
        )
        .prefetch_related("servings__ending")
    )  # fmt: skip
    return LiveRows.of_rows(rows)


def by_ask(standings: list[policy.StandingRow]) -> dict[str, list[policy.StandingRow]]:
    """Standings grouped by the first fact to ask for, the largest group first."""
    groups: dict[str, list[policy.StandingRow]] = defaultdict(list)
    for standing in standings:
        groups[standing.ask].append(standing)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))
