"""The employer's page: what he can get, how many voucher holders have a full year, when the next one has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _, ngettext

from niangjia.benefits import facts as own_facts, own
from niangjia.benefits.answerdays import answer_days
from niangjia.benefits.holders import holders
from niangjia.benefits.retention import Retention
from niangjia.benefits.status import day_in_words
from niangjia.federation.scopes import scope_of
from niangjia.policy import queries as policy

HOLDERS, WAGE = "voucher_holders_full_year", "holder_monthly_wage"


@dataclass(frozen=True)
class EmployerMatter:
    """One programme for one employer; where it counts voucher holders, how far they are, and never who they are."""

    matter: own.Matter
    progress: str


@dataclass(frozen=True)
class EmployerPage:
    """One page per employer an agent acts for."""

    names: tuple[str, ...]
    matters: tuple[EmployerMatter, ...]
    subsidy_unset: bool


def page_for(user: Any, today: date) -> EmployerPage:
    """The page of the employers a user may act for."""
    found = own_matters(user, today)
    ids = [one.own.subject_id for one in found]
    counted = own_facts.retentions(ids, today)
    matters = tuple(EmployerMatter(one, progress(one, counted.get(one.own.subject_id))) for one in found)
    asked = {code for one in found for code in one.own.stored.get("facts", {})}
    names = tuple(dict.fromkeys(one.subject.name for one in found)) or _names(user, today)
    return EmployerPage(names, matters, HOLDERS in asked and WAGE not in asked)


def own_matters(user: Any, today: date) -> list[own.Matter]:
    """Everything an employer's pages show."""
    subjects = {"employer": sorted(scope_of(user, "benefits.employer:read").employers)}
    cards = own.subject_cards(subjects, today)
    found = policy.own_standings(subjects, today)
    rows = own.list_rows(subjects)
    offices = replace(
        holders({card.union_id for card in cards.values()}, {one.card.owner_union_id for one in found}),
        answers=answer_days({one.card.id for one in found}),
    )
    return [
        own.matter(one, cards[one.subject_kind, one.subject_id], own.row_of(rows, one, today), offices, is_me=True)
        for one in found
    ]


def _names(user: Any, today: date) -> tuple[str, ...]:
    ids = sorted(scope_of(user, "benefits.employer:read").employers)
    return tuple(card.name for card in own.subject_cards({"employer": ids}, today).values())


def progress(one: own.Matter, state: Retention | None) -> str:
    """How many holders have a full year, who is next, what follows at which number; empty for other programmes."""
    if HOLDERS not in one.own.stored.get("facts", {}):
        return ""
    state = state or Retention(0, (), None)
    required = _required(one.own)
    text = ngettext(
        "%(n)s voucher holder has worked a full year", "%(n)s voucher holders have worked a full year", state.count
    ) % {"n": state.count}
    if state.next_on is not None and state.count < required:
        text += _(", number %(next)s has on %(day)s") % {"next": state.count + 1, "day": day_in_words(state.next_on)}
    gives = one.own.card.amount_text
    if one.own.outcome == "yes":
        return text + _(". That is enough for: %(gives)s.") % {"gives": gives}
    rest = _(". At %(required)s: %(gives)s. You need not apply; we come to you on the day.")
    return text + rest % {"required": required, "gives": gives}


def _required(found: policy.OwnStanding) -> int:
    used = found.stored.get("amounts_used", {})
    values = [item["value"] for item in used.values() if isinstance(item, dict) and isinstance(item.get("value"), int)]
    return min(values, default=0)
