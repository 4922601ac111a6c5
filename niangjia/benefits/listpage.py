"""What the officer's list page shows: numbers with their units, tabs with counts, rows in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from niangjia.benefits import lists, status, unknowns
from niangjia.benefits.candidates import Candidate, by_ask, candidates
from niangjia.benefits.models import FrozenList
from niangjia.benefits.names import RowName, names_of, place_name
from niangjia.benefits.places import PLACED, Places, places_now
from niangjia.benefits.placewords import place_words
from niangjia.benefits.quotas import QuotaTable, quotas_now
from niangjia.benefits.status import Status
from niangjia.benefits.wording import (
    counted,
    language,
    reminder_of,
    supplier_words,
    unit_of,
)
from niangjia.core import clock
from niangjia.federation.listing.units import word_of
from niangjia.federation.queries import towns_in
from niangjia.federation.scopes import Scope
from niangjia.people.firms.related import related_names
from niangjia.policy import queries as policy

SERVED = "served"
# Who meets the rule, served or not: no tab of its own, what the figure of all of them opens.
MET = "met"
TABS = ("yes", "one_missing", "confirm", "near", "no_longer", SERVED)


@dataclass(frozen=True)
class Filters:
    """What of a list the officer asked for."""

    tab: str = "yes"
    town: str = ""  # public id of a town
    first: bool = False
    ask: str = ""
    place: str = ""  # placed, drawn, waiting, unknown: where places are limited

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From the address; what is not understood is as if it were not there."""
        tab = query.get("tab", "yes")
        return cls(
            tab=tab if tab in (*TABS, MET) else "yes", town=query.get("town", ""), first=query.get("first") == "1",
            ask=query.get("ask", ""), place=query.get("place", ""),
        )  # fmt: skip

    def address(self, **change: Any) -> str:
        """The address of these filters with some of them changed."""
        first = "1" if self.first else ""
        now: dict[str, Any] = {
            "tab": self.tab, "town": self.town, "first": first, "ask": self.ask, "place": self.place
        }  # fmt: skip
        return "?" + urlencode({key: value for key, value in {**now, **change}.items() if value})


@dataclass(frozen=True)
class Line:
    """One row of a list as a person reads it."""

    subject_kind: str
    subject_id: int
    name: RowName
    status: Status
    amount_fen: int | None
    decision: str  # public id
    why: str = ""
    oldest: policy.OldestFact | None = None
    candidate: Candidate | None = None
    first_time: bool = False
    place: str = ""
    tells_a_value: bool = False  # the reason says what somebody has
    related: tuple[str, ...] = ()  # firms that belong to the same people: what is counted per employer may be one's

    @property
    def hold(self) -> Any:
        """The open hold, if there is one."""
        return self.candidate.hold if self.candidate else None

    @property
    def can_be_held(self) -> bool:
        """Whether putting it on hold means something: it meets the rule, or may do so soon, and is not served."""
        return self.candidate is not None and self.candidate.standing.tab in {"yes", "confirm", "one_missing"}


@dataclass(frozen=True)
class AskGroup:
    """Those who lack one fact, and who can supply it."""

    ask: str
    label: str
    supplier: str
    count: int
    unit: str
    url: str
    current: bool
    reminder: str = ""
    check_url: str = ""  # where another bureau is asked about all of them at once
    also: tuple[str, ...] = ()  # bureaus that could answer beside the supplier

    @property
    def counted(self) -> str:
        """How many, with the unit: 14人."""
        return counted(self.count, self.unit)


@dataclass
class ListPage:
    """One programme's list in one scope, filtered."""

    scope: Scope
    card: policy.VersionCard
    filters: Filters
    frozen: list[FrozenList] = field(default_factory=list)

    @cached_property
    def met(self) -> list[Candidate]:
        """Everybody who meets the rule, served or not."""
        return candidates(self.scope, self.card)

    @cached_property
    def waiting(self) -> list[Candidate]:
        """Who meets the rule and was not served."""
        return [one for one in self.met if one.status.code != SERVED]

    @cached_property
    def places(self) -> Places | None:
        """Who has one of the places and who waits; None where they are not limited."""
        return places_now(self.card)

    @cached_property
    def quotas(self) -> QuotaTable | None:
        """How the places go down the tree of unions; None where they do not."""
        return quotas_now(self.card)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows behind each tab."""
        standing = policy.standing_counts(self.scope, self.card.id)
        found = {tab: standing[tab].subjects if tab in standing else 0 for tab in TABS}
        found["yes"] = len(self.waiting)
        found[SERVED] = lists.served_counts(self.scope, [self.card.id])[self.card.id]
        return found

    @cached_property
    def once(self) -> list[Candidate]:
        """Who meets the rule, each entitlement once: what money is counted on."""
        return [one for one in self.met if not one.second]

    @property
    def total_fen(self) -> int:
        """What everybody who meets the rule would get, in fen."""
        return sum(one.amount_fen or 0 for one in self.once)

    @property
    def gives_money(self) -> bool:
        """Whether an amount or a budget is known, so that a sum means something."""
        has_budget = self.whole and self.card.budget_fen is not None
        return has_budget or any(one.amount_fen is not None for one in self.met)

    @cached_property
    def whole(self) -> bool:
        """Whether the scope reaches the owner, so that sums may be held against the budget."""
        return self.scope.reaches_union(self.card.owner_union_id)

    @property
    def can_freeze(self) -> bool:
        """Whether anybody is there to be frozen."""
        return any(one.can_be_frozen and self.place_of(one) in {"", PLACED} for one in self.met)

    def place_of(self, one: Candidate) -> str:
        """How somebody stands to the places; empty where they are not limited."""
        return "" if self.places is None else self.places.of(one.subject_kind, one.subject_id).code

    @property
    def name_head(self) -> str:
        """What stands over the first column."""
        heads = {"household": _("Head of household"), "employer": _("Employer"), "union": _("Union")}
        return heads.get(self.card.subject, _("Name"))

    @property
    def is_filtered(self) -> bool:
        """Whether a filter hides rows of the tab."""
        return bool(self.filters.town or self.filters.first or self.filters.ask or self.filters.place)

    @property
    def empty_title(self) -> str:
        """What an empty tab says."""
        return _("Nothing was found.") if self.is_filtered else _("Nobody here.")

    @property
    def empty_text(self) -> str:
        """What to do about it."""
        if self.is_filtered:
            return _("Try without one of the conditions.")
        return _("This view fills by itself when the registers change.")

    @property
    def empty_url(self) -> str:
        """Where the rows are that a filter hides."""
        return f"?tab={self.filters.tab}" if self.is_filtered else ""

    @property
    def held(self) -> int:
        """How many of those who meet the rule are on hold: counted, and not frozen with the others."""
        return sum(one.hold is not None for one in self.met)

    @property
    def held_words(self) -> str:
        """Of the figures, who is on hold; empty where nobody is."""
        return _("%(held)s of them on hold") % {"held": counted(self.held, unit_of(self.card))} if self.held else ""

    @property
    def households(self) -> int:
        """Households among those who meet the rule."""
        return len({one.household_id for one in self.met if one.household_id})

    @property
    def first_timers(self) -> int:
        """Households (or subjects without one) that were never served before."""
        return len({one.household_id or -one.subject_id for one in self.met if one.first_time})

    def of_tab(self) -> list[Any]:
        """The rows of the tab before any filter."""
        if self.filters.tab == SERVED:
            return lists.served_rows(self.scope, self.card.id)
        if self.filters.tab == "yes":
            return self.waiting if self.places is None else sorted(self.waiting, key=self.places.order)
        if self.filters.tab == MET:
            return self.met
        return candidates(self.scope, self.card, self.filters.tab)


def open_list(scope: Scope, version_public_id: str, filters: Filters) -> ListPage:
    """The page of one version, or `NotFoundHere`."""
    card = policy.version_card(scope, version_public_id)
    scope = scope.of_programme(card.programme_slug)
    return ListPage(scope, card, filters, lists.lists_of_version(scope, card.id))


def with_related(scope: Scope, shown: list[Line]) -> list[Line]:
    """The same lines; an employer's says which firms of the same people the reader may see."""
    firms = related_names(scope, [line.subject_id for line in shown if line.subject_kind == "employer"])
    return [
        replace(line, related=tuple(firms.get(line.subject_id, ()))) if line.subject_kind == "employer" else line
        for line in shown
    ]


def lines(
    rows: Sequence[Any], *, scope: Scope | None, places: Places | None = None, quotas: QuotaTable | None = None
) -> list[Line]:
    """Rows in words: name, why, the oldest fact, amount, state; the place, turn or quota where places are limited."""
    names = names_of(rows, today=clock.today(), numbers=True, scope=scope)
    reasons = policy.reasons([row.decision_id for row in rows], language())
    return [
        _line(
            row, names[row.subject_kind, row.subject_id], reasons.get(row.decision_id),
            place_words(row.subject_kind, row.subject_id, places, quotas),
        )
        for row in rows
    ]  # fmt: skip


def _line(row: Any, name: RowName, reason: policy.Reason | None, place: str) -> Line:
    candidate = row if isinstance(row, Candidate) else None
    state = row.status if isinstance(row, Candidate) else status.of_row(row, row.frozen_list)
    if state.code == "ended" and reason is not None and reason.not_since is not None:
        state = replace(state, when=reason.not_since)
    return Line(
        row.subject_kind, row.subject_id, name, state, row.amount_fen, reason.decision_public_id if reason else "",
        reason.because if reason else "", reason.oldest if reason else None, candidate, row.first_time,
        place if candidate else "", reason.tells_a_value if reason else False,
    )  # fmt: skip


def ask_groups(found: ListPage) -> list[AskGroup]:
    """差一项 grouped by the fact and by who can supply it."""
    if found.filters.tab != "one_missing":
        return []
    groups = by_ask([one.standing for one in candidates(found.scope, found.card, "one_missing")])
    return [
        AskGroup(
            ask, rows[0].ask_label, supplier_words(rows[0].supplier), len(rows), unit_of(found.card),
            found.filters.address(ask="" if found.filters.ask == ask else ask), found.filters.ask == ask,
            reminder_of(found.card, rows[0], counted(len(rows), unit_of(found.card))),
            unknowns.check_address(found.card.public_id, ask), unknowns.also_words(ask, rows[0].supplier),
        )
        for ask, rows in groups.items()
    ]  # fmt: skip


def tabs_of(found: ListPage) -> list[dict[str, Any]]:
    """The tabs of the page with their counts."""
    labels = {
        "yes": _("Met, not served"), "one_missing": _("One missing"), "confirm": _("To be checked"),
        "near": _("Near miss"), "no_longer": _("No longer met"), SERVED: _("Delivered"),
    }  # fmt: skip
    return [
        {
            "label": labels[tab], "count": found.counts[tab], "unit": word_of(found.counts[tab], unit_of(found.card)),
            "current": tab == found.filters.tab,
            "url": found.filters.address(tab=tab, ask="", place=""),
        }
        for tab in TABS
    ]  # fmt: skip


def town_choices(scope: Scope) -> list[dict[str, str]]:
    """The towns an officer may filter by; none when he has only one."""
    towns = [{"public_id": town.public_id, "name": place_name(town.name)} for town in towns_in(scope)]
    return towns if len(towns) > 1 else []
