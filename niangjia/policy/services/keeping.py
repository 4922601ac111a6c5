"""Keeping decisions: a new row only when something changed, and the standing that follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.engines import rules
from niangjia.people.queries import seal_keys
from niangjia.policy import bundles, sealing
from niangjia.policy.catalogue import fact_of, full_code
from niangjia.policy.evaluate import Case
from niangjia.policy.history import ever_served, served_anything
from niangjia.policy.keys import per_key
from niangjia.policy.models import Decision, ProgrammeVersion, Standing
from niangjia.policy.next_change import next_change_on
from niangjia.policy.readings import READ_ALL_ABOVE, Knowledge

BATCH = 500
WATCHED = (
    "union_id", "household_id", "decision_id", "outcome", "tab", "ask", "amount_fen", "per_key", "first_time",
    "was_yes", "next_change_on",
)  # fmt: skip
Tab = Standing.Tab


@dataclass
class Tally:
    """What a pass counted: subjects by outcome, and the money of the yes counted once per key."""

    tabs: Counter[str] = field(default_factory=Counter)
    plain_no: int = 0
    silent: int = 0
    subjects: set[int] = field(default_factory=set)
    households: set[int] = field(default_factory=set)
    first_time: set[int] = field(default_factory=set)
    fen: dict[str, int] = field(default_factory=dict)
    unpriced: int = 0
    written: int = 0

    def counts(self) -> dict[str, int]:
        """The counts as a sweep row keeps them."""
        return {
            "yes": self.tabs[Tab.YES],
            "unknown": self.tabs[Tab.ONE_MISSING] + self.tabs[Tab.MORE_MISSING] + self.tabs[Tab.CONFIRM],
            "one_missing": self.tabs[Tab.ONE_MISSING],
            "if_confirmed": self.tabs[Tab.CONFIRM],
            "near": self.tabs[Tab.NEAR],
            "silent": self.silent,
            "no_longer": self.tabs[Tab.NO_LONGER],
            "persons": len(self.subjects),
            "households": len(self.households),
            "first_time_households": len(self.first_time),
            "amount_fen": sum(self.fen.values()),
            "unpriced": self.unpriced,
            "written": self.written,
        }


@dataclass(frozen=True)
class _New:
    """A decision that has to be written."""

    row: Decision
    decision: rules.Decision


class Keeper:
    """Takes decisions one by one and writes all that changed at the end, in a few statements."""

    def __init__(self, version: ProgrammeVersion, known: Knowledge, ids: Collection[int] | None = None) -> None:
        self.version, self.known = version, known
        self.programme = bundles.programme_of(version.bundle)
        self.decider = bundles.decider_of(version.bundle)
        self.now = clock.now()
        self.tally = Tally()
        asked = None if ids is None or len(ids) > READ_ALL_ABOVE else ids
        rows = Standing.objects.filter(version=version).select_related("decision")
        rows = (
            rows.defer("decision__body") if asked is None else rows.defer("decision__body").filter(subject_id__in=asked)
        )
        self.standing = {row.subject_id: row for row in rows}
        self.served_before = ever_served(version.programme_id, known.subject, asked)
        self._served = served_anything(known.subject, asked)
        homes = None if asked is None else {home for pk in asked if (home := known.household_id(pk)) is not None}
        self._served_homes = served_anything("household", homes) if known.subject in {"person", "household"} else set()
        self._prints: dict[int, tuple[rules.Decision, str]] = {}
        self._nexts: dict[int, date | None] = {}
        self._new: dict[int, _New] = {}
        self._changed: list[Standing] = []

    def keep(self, case: Case) -> None:
        """Take one decision; a no that was never anything else, and one of whom nothing is known, are only counted."""
        pk, decision, old = case.subject_id, case.decision, self.standing.get(case.subject_id)
        is_plain = decision.outcome == "no" and not decision.near_miss
        if old is None and pk not in self.served_before:
            if is_plain:
                self.tally.plain_no += 1
                return
            if decision.outcome == "unknown" and not case.readings and not case.records:
                # Nothing the rule asks about was ever heard of this subject: to call that
                # "one fact missing" would put the whole county on the list.
                self.tally.silent += 1
                return
        print_ = self._print(decision)
        if old is None or old.decision.fingerprint != print_:
            self._new[pk] = _New(self._row(pk, decision, print_), decision)
        found = self._standing(case, old)
        self._count(found)
        if old is None or pk in self._new or any(getattr(old, name) != getattr(found, name) for name in WATCHED):
            self._changed.append(found)

    def write(self) -> None:
        """Write the new decisions and the standings that changed."""
        keys = seal_keys(self.known.subject, list(self._new)) if len(self._new) <= READ_ALL_ABOVE else self._all_keys()
        for pk, new in self._new.items():
            new.row.body, new.row.digest = sealing.seal_decision(new.decision, new.row.public_id, keys.get(pk))
        Decision.objects.bulk_create([new.row for new in self._new.values()], batch_size=BATCH)
        for row in self._changed:
            if row.subject_id in self._new:
                row.decision = self._new[row.subject_id].row
        Standing.objects.bulk_create(
            self._changed, batch_size=BATCH, update_conflicts=True,
            unique_fields=["version", "subject_kind", "subject_id"], update_fields=[*_COLUMNS, "changed_at"],
        )  # fmt: skip
        self.tally.written = len(self._new)

    @property
    def changed(self) -> int:
        """How many standings were or will be written."""
        return len(self._changed)

    def _all_keys(self) -> dict[int, bytes]:
        ids = list(self._new)
        found: dict[int, bytes] = {}
        for start in range(0, len(ids), READ_ALL_ABOVE):
            found |= seal_keys(self.known.subject, ids[start : start + READ_ALL_ABOVE])
        return found

    def _print(self, decision: rules.Decision) -> str:
        if id(decision) not in self._prints:
            self._prints[id(decision)] = decision, sealing.fingerprint(decision, self._dated)
        return self._prints[id(decision)][1]

    def _dated(self, code: str) -> bool:
        return fact_of(self.known.subject, code).recorded

    def _row(self, pk: int, decision: rules.Decision, print_: str) -> Decision:
        return Decision(
            public_id=new_public_id(), version=self.version, subject_kind=self.known.subject, subject_id=pk,
            union_id=self.known.unions[pk], decided_at=self.now, as_of=decision.as_of, outcome=decision.outcome,
            if_confirmed=decision.if_confirmed, near_miss=decision.near_miss, amount_fen=decision.amount_fen,
            per_key=self._per_key(pk), missing=len(decision.ask) if decision.outcome == "unknown" else 0,
            ask=self._ask(decision), fingerprint=print_, semantics=rules.SEMANTICS,
        )  # fmt: skip

    def _per_key(self, pk: int) -> str:
        home = self.known.household_id(pk)
        return per_key(self.programme.per, self.known.subject, pk, home, self.known.today)

    def _ask(self, decision: rules.Decision) -> str:
        return full_code(self.known.subject, decision.ask[0]) if decision.ask else ""

    def _standing(self, case: Case, old: Standing | None) -> Standing:
        pk, decision = case.subject_id, case.decision
        was_yes = decision.outcome == "yes" or pk in self.served_before or (old is not None and old.was_yes)
        tab, home = tab_of(decision, was_yes), self.known.household_id(pk)
        moved = old is None or old.tab != tab or old.amount_fen != decision.amount_fen
        return Standing(
            version=self.version, subject_kind=self.known.subject, subject_id=pk, union_id=self.known.unions[pk],
            household_id=home, decision_id=old.decision_id if old else None, outcome=decision.outcome, tab=tab,
            ask=self._ask(decision), amount_fen=decision.amount_fen, per_key=self._per_key(pk),
            first_time=pk not in self._served and home not in self._served_homes, was_yes=was_yes,
            changed_at=self.now if moved or old is None else old.changed_at, next_change_on=self._next(case),
        )  # fmt: skip

    def _next(self, case: Case) -> date | None:
        key = id(case.decision)
        if key not in self._nexts:
            self._nexts[key] = next_change_on(self.decider, case.readings, self.known.today, case.records)
        return self._nexts[key]

    def _count(self, row: Standing) -> None:
        tally = self.tally
        tally.tabs[row.tab] += 1
        if row.tab == Tab.NO:
            tally.plain_no += 1
        if row.tab != Tab.YES:
            return
        tally.subjects.add(row.subject_id)
        if row.household_id is not None:
            tally.households.add(row.household_id)
            if row.first_time:
                tally.first_time.add(row.household_id)
        if row.amount_fen is None:
            tally.unpriced += 1
        else:
            tally.fen[row.per_key] = max(row.amount_fen, tally.fen.get(row.per_key, 0))


_COLUMNS = tuple(name.removesuffix("_id") if name == "decision_id" else name for name in WATCHED)


def tab_of(decision: rules.Decision, was_yes: bool) -> str:
    """The tab of the officer's list a decision belongs to."""
    if decision.outcome == "yes":
        return Tab.YES
    if decision.outcome == "unknown":
        if decision.if_confirmed:
            return Tab.CONFIRM
        return Tab.ONE_MISSING if len(decision.ask) == 1 else Tab.MORE_MISSING
    if was_yes:
        return Tab.NO_LONGER
    return Tab.NEAR if decision.near_miss else Tab.NO
