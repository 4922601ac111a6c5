"""A trial in words and figures, each number with its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.money import yuan
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.words import day as day_words, supplier as supplier_words
from niangjia.people.queries import subject_cards
from niangjia.policy import bundles, catalogue, numbers
from niangjia.policy.cards import edition_of, unit_of
from niangjia.policy.forms.draft import option_words
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.readiness import language_code
from niangjia.policy.trials import SHOWN, Against, Trial, try_out
from niangjia.policy.versions import in_force


@dataclass(frozen=True)
class Change:
    """What differs from something else: how many gain and lose, the first of them by name, and money."""

    title: str
    gained: int
    lost: int
    fen: int
    gained_names: list[str]
    lost_names: list[str]


@dataclass(frozen=True)
class TrialPage:
    """A trial ready to be shown."""

    trial: Trial
    unit: str
    figures: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    moved: list[str]
    changes: list[Change]
    money: bool
    replaces: str = ""  # whose place publishing would take, in one sentence

    @property
    def empty_at(self) -> int | None:
        """The first place the fund does not reach."""
        return self.trial.empty_at

    @property
    def reaches(self) -> int:
        """The last place the fund reaches."""
        return (self.trial.empty_at or 1) - 1


def trial_page(version: ProgrammeVersion, moved: Mapping[str, Value], *, named: bool = False) -> TrialPage:
    """Try a version and put the outcome into words; refuses while a number is missing.

    Who gains or loses is `named` only for those who may see the registry.
    """
    trial = try_out(version=version, moved=moved)
    language, subject = language_code(), version.programme.subject
    programme = bundles.programme_of(version.bundle)
    missing = [
        {"label": catalogue.label(one.ask, language), "count": one.count,
         "supplier": supplier_words(catalogue.supplier(one.ask), language)}
        for one in trial.missing
    ]  # fmt: skip
    prices = [
        {"label": option_words(price.option), "grants": price.grants, "fen": price.fen, "chosen": price.is_chosen}
        for price in trial.prices
    ]
    words = [
        f"{numbers.label_of(programme, code, language)}: {numbers.shown(programme.amounts[code], value, language)}"
        for code, value in moved.items()
    ]
    changes = [_change(subject, title, found, named) for title, found in (
        (_("Against the numbers in the text"), trial.unmoved), (_("Against the version in force"), trial.in_force),
    ) if found is not None]  # fmt: skip
    has_money = trial.fen > 0 or trial.budget_fen is not None
    figures = _figures(trial, subject, has_money)
    return TrialPage(trial, unit_of(subject), figures, missing, prices, words, changes, has_money, _replaces(version))


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


def _figures(trial: Trial, subject: str, has_money: bool) -> list[dict[str, Any]]:
    unit, homes = unit_of(subject), unit_of("household")
    found = [{"label": _("Would get it"), "value": f"{trial.subjects:,}", "unit": unit}]
    if subject == "person":
        found.append({"label": _("In households"), "value": f"{trial.households:,}", "unit": homes})
    if has_money:
        found.append({"label": _("Money"), "value": yuan(trial.fen), "unit": _("yuan")})
    if trial.left_fen is not None:
        over = trial.left_fen < 0
        label = _("Budget does not reach by") if over else _("Left of the budget")
        found.append(
            {"label": label, "value": yuan(abs(trial.left_fen)), "unit": _("yuan"),
             "note": _("of %(budget)s yuan") % {"budget": yuan(trial.budget_fen or 0)}}
        )  # fmt: skip
    first_unit = homes if subject in {"person", "household"} else unit
    found.append({"label": _("Never served before"), "value": f"{trial.first_time:,}", "unit": first_unit})
    return found


def _change(subject: str, title: str, found: Against, named: bool) -> Change:
    gained, lost = (_names(subject, ids) if named else [] for ids in (found.gained, found.lost))
    return Change(title, len(found.gained), len(found.lost), found.fen, gained, lost)


def _names(subject: str, ids: Sequence[int]) -> list[str]:
    cards = subject_cards(subject, ids[:SHOWN], today=clock.today())
    return [card.head_name if card.is_minor else card.name for card in (cards[pk] for pk in ids[:SHOWN])]
