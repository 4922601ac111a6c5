"""Trying a version on today's registry before anybody is asked to confirm it: read only, nothing is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from niangjia.core import clock
from niangjia.engines import rules
from niangjia.engines.rules.facts import Value
from niangjia.federation.queries import towns_of
from niangjia.policy import bundles
from niangjia.policy.catalogue import full_code
from niangjia.policy.evaluate import Answer, answer_all, decide_each
from niangjia.policy.history import served_anything
from niangjia.policy.keys import per_key
from niangjia.policy.models import ProgrammeVersion, Standing
from niangjia.policy.readiness import choices_of, programme_gaps
from niangjia.policy.readings import Knowledge
from niangjia.policy.services.refusals import NothingToTry
from niangjia.policy.services.sweeps import everybody
from niangjia.policy.versions import in_force

SHOWN = 20


@dataclass(frozen=True)
class TownLine:
    """What one town would get; `name` is empty for those who stand under no town."""

    name: str
    subjects: int
    households: int
    fen: int


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
class Against:
    """Who would newly get it and who would lose it, and what it costs more, against something else."""

    gained: tuple[int, ...]
    lost: tuple[int, ...]
    fen: int  # more (or less) than there


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
    towns: tuple[TownLine, ...]
    prices: tuple[Price, ...]
    budget_fen: int | None
    empty_at: int | None
    moved: Mapping[str, Value] = field(default_factory=dict)
    in_force: Against | None = None
    unmoved: Against | None = None

    @property
    def left_fen(self) -> int | None:
        """What the budget would still hold; below zero it does not reach."""
        return None if self.budget_fen is None else self.budget_fen - self.fen


def try_out(*, version: ProgrammeVersion, moved: Mapping[str, Value] | None = None) -> Trial:
    """Ask a version about everybody today, with some numbers moved; refuses while a number is missing."""
    base = bundles.programme_of(version.bundle)
    programme = rules.with_amounts(base, dict(moved or {}))
    if programme.missing_amounts:
        raise NothingToTry(programme_gaps(programme)[0].sentence)
    known = everybody(version, base)
    answers = answer_all(programme, known)
    found = _sums(version, programme, known, answers)
    yes = {answer.subject_id for answer in answers if answer.outcome == "yes"}
    before = None
    if moved and not base.missing_amounts:
        plain = answer_all(base, known)
        there = {answer.subject_id for answer in plain if answer.outcome == "yes"}
        before = _against(yes, there, found.fen - _money(programme, known, plain)[0])
    return replace(found, moved=dict(moved or {}), unmoved=before, in_force=_against_in_force(version, yes, found.fen))


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
        near=sum(answer.near_miss for answer in answers), towns=_towns(programme, known, yes),
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
    keyed = _keyed(programme.per or _open_per(programme), known, answers)
    return sum(fen or 0 for fen in keyed.values()), len(keyed), sum(fen is None for fen in keyed.values())


def _open_per(programme: rules.Programme) -> tuple[str, ...]:
    choice = programme.choices.get("per")
    return choice.options[0] if choice is not None else ()


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


def _towns(programme: rules.Programme, known: Knowledge, yes: Sequence[Answer]) -> tuple[TownLine, ...]:
    towns = towns_of({known.unions[answer.subject_id] for answer in yes})
    groups: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in yes:
        town = towns.get(known.unions[answer.subject_id])
        groups[(town.code, town.name) if town is not None else ("~", "")].append(answer)
    lines = []
    for (_code, name), found in sorted(groups.items()):
        homes = {home for answer in found if (home := known.household_id(answer.subject_id)) is not None}
        lines.append(TownLine(name, len(found), len(homes), _money(programme, known, found)[0]))
    return tuple(lines)


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
    for place, fen in enumerate(_keyed(programme.per or _open_per(programme), known, ordered).values(), start=1):
        left -= fen or 0
        if left < 0:
            return place
    return None


def _against_in_force(version: ProgrammeVersion, yes: Collection[int], fen: int) -> Against | None:
    other = in_force(clock.today()).filter(programme_id=version.programme_id).exclude(pk=version.pk).first()
    if other is None:
        return None
    rows = Standing.objects.filter(version=other, outcome="yes").values_list("subject_id", "per_key", "amount_fen")
    there = {pk for pk, _key, _fen in rows}
    money = {key: amount or 0 for _pk, key, amount in rows}
    return _against(yes, there, fen - sum(money.values()))


def _against(yes: Collection[int], there: Collection[int], fen: int) -> Against:
    here, other = set(yes), set(there)
    return Against(tuple(sorted(here - other)), tuple(sorted(other - here)), fen)
