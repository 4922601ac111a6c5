"""A trial in words and figures, each number with its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.money import yuan
from niangjia.engines import rules
from niangjia.engines.rules.batch.compare import FEWEST
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.words import day as day_words, supplier as supplier_words
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.policy import bundles, catalogue, numbers
from niangjia.policy.cards import edition_of, unit_of
from niangjia.policy.comparing import EVERY_CELL, Against, Line, few, tells_few
from niangjia.policy.forms.draft import option_words
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.readiness import language_code
from niangjia.policy.templatetags.policy_words import in_unit
from niangjia.policy.trials import SHOWN, Trial, try_out
from niangjia.policy.versions import in_force

TEXT, FORCE, GAINED, LOST = "text", "force", "gained", "lost"


@dataclass(frozen=True)
class Change:
    """What differs from something else, in sentences; the first names for those who may open the list.

    `address` is the query under which the whole list of those who gain, or lose, is found.
    """

    title: str
    gained: str
    gained_notes: list[str]
    gained_names: list[str]
    gained_address: str
    lost: str
    lost_notes: list[str]
    lost_names: list[str]
    lost_address: str
    fen: int | None  # None where the programme gives no money, or the sum would tell of few
    money_notes: list[str]


@dataclass(frozen=True)
class Breakdown:
    """Who would get it and how much, by one thing that tells them apart; `is_set_against` the version in force."""

    title: str
    head: str
    lines: tuple[Line, ...]
    has_homes: bool
    is_set_against: bool


@dataclass(frozen=True)
class TrialPage:
    """A trial ready to be shown."""

    trial: Trial
    unit: str
    figures: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    uncounted: dict[str, str]
    prices: list[dict[str, Any]]
    moved: list[str]
    changes: list[Change]
    breakdowns: list[Breakdown]
    thresholds: list[dict[str, Any]]
    money: bool
    may_open: bool
    replaces: str = ""  # whose place publishing would take, in one sentence
    empty_on: str = ""

    @property
    def empty_at(self) -> int | None:
        """The first place the fund does not reach."""
        return self.trial.empty_at

    @property
    def reaches(self) -> int:
        """The last place the fund reaches."""
        return (self.trial.empty_at or 1) - 1

    @property
    def homes(self) -> str:
        """The unit in which households are counted."""
        return unit_of("household")


def trial_page(
    version: ProgrammeVersion, moved: Mapping[str, Value], *, may_open: bool = False, address: str = ""
) -> TrialPage:
    """Try a version and put the outcome into words; refuses while a number is missing.

    Who may not open the list behind a figure sees no figure that fewer than five people stand behind.
    """
    trial = try_out(version=version, moved=moved, fewest=EVERY_CELL if may_open else FEWEST)
    programme, subject = bundles.programme_of(version.bundle), version.programme.subject
    words = _Words(subject, may_open, address, has_money=trial.fen > 0 or trial.budget_fen is not None)
    return TrialPage(
        trial, unit_of(subject), words.figures(trial), words.missing(trial), words.uncounted(trial),
        words.prices(trial), [_moved_words(programme, code, value) for code, value in moved.items()],
        words.changes(trial), _breakdowns(trial, subject), words.thresholds(programme, trial), words.has_money,
        may_open, _replaces(version), _empty_on(trial),
    )  # fmt: skip


def _moved_words(programme: rules.Programme, code: str, value: Value) -> str:
    language = language_code()
    label = numbers.label_of(programme, code, language)
    return f"{label}: {numbers.shown(programme.amounts[code], value, language)}"


def _empty_on(trial: Trial) -> str:
    """The day, where it is worth a sentence: what is due does not all fall on one day."""
    day, today = trial.beside.empty_on, clock.today()
    return "" if day is None or len(trial.beside.by_month) < 2 else day_words(day, language_code(), today.year)


def _replaces(version: ProgrammeVersion) -> str:
    today = clock.today()
    if getattr(version, "publication", None) is not None or (version.valid_to is not None and version.valid_to < today):
        return ""
    day = max(version.valid_from, today)
    other = in_force(day).filter(programme_id=version.programme_id).first()
    if other is None:
        return ""
    words = {"edition": edition_of(other) or str(other.number), "day": day_words(day, language_code(), today.year)}
    return (
        _(
            "The edition %(edition)s is in force. Once published, this one takes its place from %(day)s on; "
            "who was given it under that edition is not given it again for the same time."
        )
        % words
    )


@dataclass(frozen=True)
class _Words:
    """Figures in words for one reader."""

    subject: str
    may_open: bool
    address: str
    has_money: bool

    def hides(self, *sizes: int) -> bool:
        """Whether this reader may not see figures behind which so few stand."""
        return not self.may_open and any(few(size) for size in sizes)

    def count(self, number: int, unit: str = "") -> str:
        """A number with its unit; "fewer than 5" where the reader may not open the list behind it."""
        unit = unit or unit_of(self.subject)
        return _("fewer than %(n)s") % {"n": in_unit(FEWEST, unit)} if self.hides(number) else in_unit(number, unit)

    def figures(self, trial: Trial) -> list[dict[str, Any]]:
        """The figures at the top."""
        unit, homes = unit_of(self.subject), unit_of("household")
        if self.hides(trial.subjects, trial.households):
            return [{"label": _("Would get it"), "value": _("fewer than %(n)s") % {"n": FEWEST}, "unit": unit}]
        found = [{"label": _("Would get it"), "value": f"{trial.subjects:,}", "unit": unit}]
        if self.subject == "person":
            found.append({"label": _("In households"), "value": f"{trial.households:,}", "unit": homes})
        if self.has_money:
            found.append({"label": _("Money"), "value": yuan(trial.fen), "unit": _("yuan")})
        if trial.left_fen is not None:
            over = trial.left_fen < 0
            label = _("Budget does not reach by") if over else _("Left of the budget")
            found.append(
                {"label": label, "value": yuan(abs(trial.left_fen)), "unit": _("yuan"),
                 "note": _("of %(budget)s yuan") % {"budget": yuan(trial.budget_fen or 0)}}
            )  # fmt: skip
        first_unit = homes if self.subject in {"person", "household"} else unit
        first = f"{trial.first_time:,}"
        if self.hides(trial.first_time):
            first = _("fewer than %(n)s") % {"n": FEWEST}
        found.append({"label": _("Never served before"), "value": first, "unit": first_unit})
        return found

    def missing(self, trial: Trial) -> list[dict[str, Any]]:
        """Who lacks one fact, by the fact."""
        language = language_code()
        return [
            {"label": catalogue.label(one.ask, language), "words": self.count(one.count),
             "supplier": supplier_words(catalogue.supplier(one.ask), language)}
            for one in trial.missing
        ]  # fmt: skip

    def uncounted(self, trial: Trial) -> dict[str, str]:
        """Who is not counted, and why; a sum that would tell a hidden part is left out."""
        found = {"confirm": trial.confirm, "near": trial.near, "silent": trial.silent, "asked": trial.asked}
        words = {name: self.count(number) for name, number in found.items() if number or name in {"near", "asked"}}
        parts = [one.count for one in trial.missing]
        words["one_missing"] = "" if self.hides(*parts) else self.count(trial.one_missing)
        return words

    def prices(self, trial: Trial) -> list[dict[str, Any]]:
        """The price of each reading, unless their difference would tell of few."""
        counts = sorted(price.grants for price in trial.prices)
        if self.hides(*counts, *(more - less for less, more in pairwise(counts))):
            return []
        return [
            {"label": option_words(price.option), "grants": price.grants, "fen": price.fen, "chosen": price.is_chosen}
            for price in trial.prices
        ]

    def changes(self, trial: Trial) -> list[Change]:
        """What differs from the numbers as they are written, and from the version in force."""
        found = (
            (TEXT, _("Against the numbers in the text"), trial.unmoved),
            (FORCE, _("Against the version in force"), trial.in_force),
        )
        return [self._change(key, title, one) for key, title, one in found if one is not None]

    def _change(self, key: str, title: str, found: Against) -> Change:
        gained, lost = len(found.gained), len(found.lost)
        return Change(
            title, _("+%(n)s newly get it") % {"n": self.count(gained)},
            self._notes(gained, found.households_gained, found.first_time), self._names(found.gained),
            self._address(key, GAINED, gained), _("−%(n)s no longer get it") % {"n": self.count(lost)},
            self._notes(lost, found.households_lost), self._names(found.lost), self._address(key, LOST, lost),
            None if self._hides_money(found) else found.fen,
            [] if self._hides_money(found) else self._more_and_less(found),
        )  # fmt: skip

    def _notes(self, number: int, homes: int, first: int | None = None) -> list[str]:
        if not number or self.hides(number):
            return []
        notes = []
        if self.subject == "person" and homes and not self.hides(homes):
            notes.append(in_unit(homes, unit_of("household")))
        if first is not None and not self.hides(first, number - first):
            notes.append(_("%(n)s never served before") % {"n": in_unit(first, unit_of(self.subject))})
        return notes

    def _hides_money(self, found: Against) -> bool:
        return not self.has_money or (not self.may_open and tells_few(found))

    def _more_and_less(self, found: Against) -> list[str]:
        return [
            words % {"n": in_unit(number, unit_of(self.subject))}
            for number, words in ((found.more, _("%(n)s get more")), (found.less, _("%(n)s get less")))
            if number and not self.hides(number)
        ]

    def _names(self, ids: Sequence[int]) -> list[str]:
        return [shown_name(card) for card in _cards(self.subject, ids[:SHOWN])] if self.may_open else []

    def _address(self, against: str, who: str, number: int) -> str:
        if not number or not self.may_open:
            return ""
        return f"?against={against}&who={who}{f'&{self.address}' if self.address else ''}"

    def thresholds(self, programme: rules.Programme, trial: Trial) -> list[dict[str, Any]]:
        """Each number one step lower and one step higher, the present value beside it."""
        language, found = language_code(), []
        tried = rules.with_amounts(programme, dict(trial.moved))
        for one in trial.beside.thresholds:
            amount = tried.amounts[one.code]
            line = {
                "label": numbers.label_of(programme, one.code, language),
                "now": numbers.shown(amount, amount.entries[-1].value, language),
                "value": numbers.shown(amount, one.value, language),
                "hidden": self.hides(one.subjects) or (not self.may_open and tells_few(one)),
                "subjects": one.subjects, "gained": one.gained, "lost": one.lost, "fen": one.fen,
                "more_fen": one.more_fen,
            }  # fmt: skip
            found.append(line)
        return found


def _breakdowns(trial: Trial, subject: str) -> list[Breakdown]:
    beside, is_set = trial.beside, trial.in_force is not None
    levels = {
        "province": _("Province"), "city": _("City"), "county": _("County"), "town": _("Town"),
        "primary": _("Primary"),
    }  # fmt: skip
    by_level = tuple(replace(line, name=levels.get(line.name, line.name)) for line in beside.by_level)
    found = (
        (_("By month"), _("Month"), beside.by_month), (_("By level of union"), _("Level of union"), by_level),
        (_("By town"), _("Town"), beside.by_town),
    )  # fmt: skip
    return [Breakdown(title, head, lines, subject == "person", is_set) for title, head, lines in found if lines]


def shown_name(card: SubjectCard) -> str:
    """A name as a list shows it: a child stands under the head of the household."""
    return card.head_name if card.is_minor else card.name


def _cards(subject: str, ids: Sequence[int]) -> list[SubjectCard]:
    cards = subject_cards(subject, ids, today=clock.today())
    return [cards[pk] for pk in ids if pk in cards]


def who_changes(version: ProgrammeVersion, moved: Mapping[str, Value], *, against: str, who: str) -> list[SubjectCard]:
    """Everybody who would newly get it, or no longer; for those who may open the registry of the whole area."""
    trial = try_out(version=version, moved=moved)
    found = trial.unmoved if against == TEXT else trial.in_force
    if found is None:
        return []
    return _cards(version.programme.subject, found.lost if who == LOST else found.gained)
