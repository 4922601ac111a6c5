"""Programmes in force with their three numbers, and what freezing a list would do, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from niangjia.benefits import lists, status
from niangjia.benefits.listpage import MET, SERVED
from niangjia.benefits.models import FrozenList
from niangjia.benefits.services.freeze import FreezePlan
from niangjia.benefits.services.notice import APPROVAL_KIND
from niangjia.benefits.status import Status
from niangjia.benefits.wording import budget_words, counted, first_unit, met_words, money, unit_of
from niangjia.core import clock
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.queries import open_approvals, union_names, unions_in
from niangjia.federation.scopes import Scope
from niangjia.policy import queries as policy


@dataclass(frozen=True)
class ProgrammeLine:
    """One programme in force: who meets it, who was never served, money; and its newest list."""

    card: policy.VersionCard
    met: int
    households: int
    first_time: int
    fen: int
    one_missing: int
    confirm: int
    served: int
    newest: FrozenList | None
    handed: lists.ListFigures  # of the newest list
    whole: bool  # the scope reaches the owner: sums may be held against the budget
    owner: str  # whose programme it is, where it is not one's own union's

    @property
    def met_words(self) -> str:
        """Who meets the rule: 61户67人."""
        return met_words(self.card, self.met, self.households)

    @property
    def met_url(self) -> str:
        """Where they stand."""
        return self._tab(MET)

    @property
    def missing_url(self) -> str:
        """Where those who lack one fact stand."""
        return self._tab("one_missing")

    @property
    def confirm_url(self) -> str:
        """Where those stand whose papers are to be checked."""
        return self._tab("confirm")

    @property
    def served_url(self) -> str:
        """Where those who were served stand."""
        return self._tab(SERVED)

    def _tab(self, tab: str) -> str:
        return list_url("benefits.list", self.card.public_id, tab=tab)

    @property
    def first_words(self) -> str:
        """Who was never served before, in the unit the list is counted in."""
        return counted(self.first_time, first_unit(self.card, self.households))

    @property
    def missing_words(self) -> str:
        """Who lacks one fact."""
        return counted(self.one_missing, unit_of(self.card))

    @property
    def served_words(self) -> str:
        """Who was served."""
        return counted(self.served, unit_of(self.card))

    @property
    def budget_words(self) -> str:
        """What is left of the budget, or by how much it is exceeded."""
        return budget_words(self.card.budget_fen, self.fen) if self.whole else ""

    @property
    def state(self) -> Status | None:
        """How the newest list stands."""
        if self.newest is None:
            return None
        return status.of_list(self.newest, rows=self.handed.rows, served=self.handed.served)

    @property
    def waits(self) -> bool:
        """Whether anybody on it waits for the union: met and not served, or to be checked."""
        return self.met > self.served or bool(self.confirm)

    @property
    def confirm_words(self) -> str:
        """Whose papers are to be checked."""
        return counted(self.confirm, unit_of(self.card))

    @property
    def gives_money(self) -> bool:
        """Whether an amount or a budget is known, so that a sum means something."""
        return bool(self.fen) or (self.whole and self.card.budget_fen is not None)


def programmes(scope: Scope) -> list[ProgrammeLine]:
    """Programmes in force whose people the scope reaches, in the order they were published."""
    found: dict[int, ProgrammeLine] = {}
    for code, within in scope.parts():
        found |= {line.card.id: line for line in _lines(within) if code in ("", line.card.programme_slug)}
    return list(found.values())


def _lines(scope: Scope) -> list[ProgrammeLine]:
    cards = policy.versions_in(scope, clock.today())
    counts = policy.counts_of(scope, [card.id for card in cards])
    served = lists.served_counts(scope, [card.id for card in cards])
    newest: dict[int, FrozenList] = {}
    for frozen in lists.lists_in(scope).filter(cancellation__isnull=True):
        newest.setdefault(frozen.version_id, frozen)
    figures = lists.figures_of(scope, list(newest.values()))
    mine = set(unions_in(scope).filter(pk__in={card.owner_union_id for card in cards}).values_list("pk", flat=True))
    # A programme of a union above that has found nobody here is none of this desk's business.
    cards = [card for card in cards if card.owner_union_id in mine or counts.get(card.id)]
    others = union_names({card.owner_union_id for card in cards} - set(scope.roots))
    return [
        _line(
            card, counts.get(card.id, {}), served[card.id], newest.get(card.id), figures,
            whole=card.owner_union_id in mine, owner=others.get(card.owner_union_id, ""),
        )
        for card in cards
    ]  # fmt: skip


def _line(
    card: policy.VersionCard,
    counts: dict[str, Any],
    served: int,
    newest: FrozenList | None,
    figures: dict[int, lists.ListFigures],
    *,
    whole: bool,
    owner: str,
) -> ProgrammeLine:
    met = counts.get("yes")
    handed = figures.get(newest.pk, lists.ListFigures()) if newest else lists.ListFigures()

    def subjects(tab: str) -> int:
        return counts[tab].subjects if tab in counts else 0

    return ProgrammeLine(
        card, subjects("yes"), met.households if met else 0, met.first_time if met else 0, met.fen if met else 0,
        subjects("one_missing"), subjects("confirm"), served, newest, handed, whole, owner,
    )  # fmt: skip


def freezing(plan: FreezePlan) -> list[dict[str, str]]:
    """What freezing will do, to how many."""
    found = [{"what": _("Rows on the list"), "many": counted(len(plan.rows), unit_of(plan.card))}]
    if plan.households and plan.card.subject == "person":
        found.append({"what": _("Households they live in"), "many": counted(plan.households, "household")})
    if any(row.amount_fen is not None for row in plan.rows):
        found.append({"what": _("In all"), "many": money(plan.total_fen)})
    if plan.left_fen is not None:
        found.append({"what": _("Left of the budget afterwards"), "many": money(plan.left_fen)})
    if plan.held:
        found.append({"what": _("On hold, not on this list"), "many": counted(plan.held, unit_of(plan.card))})
    return found


@dataclass(frozen=True)
class WaitingApproval:
    """A frozen list that waits for the second person."""

    frozen: FrozenList
    card: policy.VersionCard
    asked_by: str
    asked_at: datetime
    rows: str
    total_fen: int


def waiting_approvals(scope: Scope) -> list[WaitingApproval]:
    """Lists whose approval was asked for in scope, the oldest first."""
    waiting = list(open_approvals(scope, APPROVAL_KIND).order_by("asked_at", "pk"))
    frozen = {row.pk: row for row in lists.lists_in(scope).filter(pk__in=[one.object_id for one in waiting])}
    cards = policy.cards_of({row.version_id for row in frozen.values()})
    figures = lists.figures_of(scope, list(frozen.values()))
    return [
        _waiting(one, frozen[one.object_id], cards[frozen[one.object_id].version_id], figures)
        for one in waiting if one.object_id in frozen
    ]  # fmt: skip


def _waiting(
    approval: Any, frozen: FrozenList, card: policy.VersionCard, figures: dict[int, lists.ListFigures]
) -> WaitingApproval:
    found = figures.get(frozen.pk, lists.ListFigures())
    return WaitingApproval(
        frozen,
        card,
        approval.asked_by.display_name,
        approval.asked_at,
        counted(found.rows, unit_of(card)),
        found.total_fen,
    )
