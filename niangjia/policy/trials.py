"""Trying a version on today's registry before anybody is asked to confirm it: read only, nothing is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from niangjia.core import clock
from niangjia.engines import rules
from niangjia.engines.rules.facts import Value
from niangjia.policy import bundles
from niangjia.policy.catalogue import full_code
from niangjia.policy.comparing import EVERY_CELL, Against, Beside, Comparison, compared, once_per
from niangjia.policy.evaluate import Answer, answer_all, decide_each
from niangjia.policy.history import served_anything
from niangjia.policy.keys import per_key
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.readiness import choices_of, programme_gaps
from niangjia.policy.readings import Knowledge, add_facts
from niangjia.policy.services.refusals import NothingToTry
from niangjia.policy.services.sweeps import everybody
from niangjia.policy.versions import in_force

SHOWN = 20


@dataclass(frozen=True)
class Price:
    """What one way of choosing would cost: how many times it is given, and fen in all."""

    option: tuple[str, ...]
    grants: int
    fen: int
    is_chosen: bool


@dataclass(frozen=True)
class Missing:
    """How many lack just this one fact, and who can supply it."""

    ask: str  # full code of the fact
    count: int


@dataclass(frozen=True)
class Trial:
    """What a version would do today; `empty_at` is the first place that the fund no longer reaches."""

    asked: int
    subjects: int
    households: int
    first_time: int
    grants: int
    fen: int
    unpriced: int
    one_missing: int
    missing: tuple[Missing, ...]
    unknown: int
    silent: int
    confirm: int
    near: int
    prices: tuple[Price, ...]
    budget_fen: int | None
    empty_at: int | None
    moved: Mapping[str, Value] = field(default_factory=dict)
    beside: Comparison = field(default_factory=Comparison)

    @property
    def in_force(self) -> Against | None:
        """The difference against the version in force."""
        return self.beside.in_force

    @property
    def unmoved(self) -> Against | None:
        """The difference against the numbers as they are written."""
        return self.beside.unmoved

    @property
    def left_fen(self) -> int | None:
        """What the budget would still hold; below zero it does not reach."""
        return None if self.budget_fen is None else self.budget_fen - self.fen


def try_out(*, version: ProgrammeVersion, moved: Mapping[str, Value] | None = None, fewest: int = EVERY_CELL) -> Trial:
    """Ask a version about everybody today, with some numbers moved; refuses while a number is missing.

    Months, towns and levels of fewer people than `fewest` are hidden.
    """
    base = bundles.programme_of(version.bundle)
    programme = rules.with_amounts(base, dict(moved or {}))
    if programme.missing_amounts:
        raise NothingToTry(programme_gaps(programme)[0].sentence)
    known = everybody(version, base)
    beside = Beside(programme, _in_force(version, base), base if moved and not base.missing_amounts else None)
    if beside.in_force is not None:
        add_facts(known, beside.in_force.fact_codes)
    found = _sums(version, programme, known, answer_all(programme, known))
    comparison = compared(beside, known, budget_fen=version.budget_fen, fewest=fewest)
    return replace(found, moved=dict(moved or {}), beside=comparison)


def _in_force(version: ProgrammeVersion, programme: rules.Programme) -> rules.Programme | None:
    """What is in force in the same programme today, where it decides about the same kind of subject."""
    other = in_force(clock.today()).filter(programme_id=version.programme_id).exclude(pk=version.pk).first()
    found = None if other is None else bundles.programme_of(other.bundle)
    return found if found is not None and found.subject == programme.subject else None


def _sums(version: ProgrammeVersion, programme: rules.Programme, known: Knowledge, answers: Sequence[Answer]) -> Trial:
    yes = [answer for answer in answers if answer.outcome == "yes"]
    unknown = [answer for answer in answers if answer.outcome == "unknown"]
    silent = sum(not known.readings(answer.subject_id) for answer in unknown)
    missing = _missing(programme, known, unknown)
    homes = {home for answer in yes if (home := known.household_id(answer.subject_id)) is not None}
    fen, grants, unpriced = _money(programme, known, yes)
    return Trial(
        asked=len(answers), subjects=len(yes), households=len(homes), first_time=_first_time(known, yes),
        grants=grants, fen=fen, unpriced=unpriced,
        one_missing=sum(one.count for one in missing),
        missing=missing,
        unknown=len(unknown) - silent, silent=silent, confirm=sum(answer.if_confirmed for answer in unknown),
        near=sum(answer.near_miss for answer in answers),
        prices=_prices(version, programme, known, yes), budget_fen=version.budget_fen,
        empty_at=_empty_at(programme, known, yes, version.budget_fen),
    )  # fmt: skip


def _missing(programme: rules.Programme, known: Knowledge, unknown: Sequence[Answer]) -> tuple[Missing, ...]:
    """Those who lack one single fact, by that fact, the largest group first."""
    open_ones = [answer.subject_id for answer in unknown if not answer.if_confirmed]
    counted: Counter[str] = Counter()
    for case in decide_each(rules.compile_python(programme), known, open_ones):
        if len(case.decision.ask) == 1 and case.readings:
            counted[full_code(known.subject, case.decision.ask[0])] += 1
    return tuple(Missing(ask, count) for ask, count in counted.most_common())


def _keyed(per: Iterable[str], known: Knowledge, answers: Iterable[Answer]) -> dict[str, int | None]:
    """Fen by the key of once per: the most that any subject of the key would get; None while no amount is known."""
    found: dict[str, int | None] = {}
    words = tuple(per)
    for answer in answers:
        if answer.outcome != "yes":
            continue
        key = per_key(words, known.subject, answer.subject_id, known.household_id(answer.subject_id), known.today)
        older = found.get(key)
        found[key] = answer.amount_fen if older is None else max(older, answer.amount_fen or 0)
    return found


def _money(programme: rules.Programme, known: Knowledge, answers: Iterable[Answer]) -> tuple[int, int, int]:
    keyed = _keyed(once_per(programme), known, answers)
    return sum(fen or 0 for fen in keyed.values()), len(keyed), sum(fen is None for fen in keyed.values())


def _first_time(known: Knowledge, yes: Sequence[Answer]) -> int:
    served = served_anything(known.subject)
    homes = served_anything("household") if known.subject in {"person", "household"} else set()
    first: set[tuple[str, int]] = set()
    for answer in yes:
        home = known.household_id(answer.subject_id)
        if answer.subject_id in served or home in homes:
            continue
        first.add(("household", home) if home is not None else (known.subject, answer.subject_id))
    return len(first)


def _prices(
    version: ProgrammeVersion, programme: rules.Programme, known: Knowledge, yes: Sequence[Answer]
) -> tuple[Price, ...]:
    """The price of each way the paper may be read, also after one was chosen."""
    found = []
    for option in per_options(version, programme):
        keyed = _keyed(option, known, yes)
        found.append(Price(option, len(keyed), sum(fen or 0 for fen in keyed.values()), option == programme.per))
    return tuple(found)


def per_options(version: ProgrammeVersion, programme: rules.Programme) -> tuple[tuple[str, ...], ...]:
    """The readings of "once per" that the recipe leaves open, as long as it is on the shelf."""
    choice = programme.choices.get("per") or choices_of(version).get("per")
    return choice.options if choice is not None else ()


def _empty_at(
    programme: rules.Programme, known: Knowledge, yes: Sequence[Answer], budget_fen: int | None
) -> int | None:
    """The first place the fund does not reach whole, in the order of the rank, then of the register."""
    if budget_fen is None:
        return None
    ordered = sorted(yes, key=lambda answer: (answer.rank_key is None, answer.rank_key or 0, answer.subject_id))
    left = budget_fen
    for place, fen in enumerate(_keyed(once_per(programme), known, ordered).values(), start=1):
        left -= fen or 0
        if left < 0:
            return place
    return None
