"""Everything this room offers to the house, registered once at start-up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu
from niangjia.federation.scopes import scope_of
from niangjia.people.filepage import (
    FileAction,
    FileSection,
    Leaving,
    file_actions,
    file_sections,
    leaving_rules,
    under_way,
)
from niangjia.people.paperwork import paper_kinds
from niangjia.people.queries import subject_cards
from niangjia.people.timeline import timelines
from niangjia.providers.filepage import ProviderSection, provider_sections
from niangjia.visits import holding, householdpage, lists, merging, permissions, queries, samplelist
from niangjia.visits.householdpage import SURVEY
from niangjia.visits.permissions import ASSESS, READ, RECORD
from niangjia.visits.samplepage import HandoverLine, masked_rows
from niangjia.visits.services import forgetting
from niangjia.visits.services.leaving import record_departure

# Calls that fall due within this many days stand on the officer's first page.
SOON = timedelta(days=7)
FIRST_PAGE_ROWS = 8


def register() -> None:
    """Offer rights, actions, parts of the household page, the rule of leaving, menus and desk blocks."""
    permissions.register()
    merging.register()
    lists.register()
    samplelist.register()
    holding.register()
    forgetting.register()
    paper_kinds.register(SURVEY, _("Survey form"))
    timelines.register("visits", householdpage.past_visits)
    under_way.register("visits", householdpage.open_matters)
    leaving_rules.register("visits", _leave)
    provider_sections.register("visits.samples", _IN_HAND)
    for section in _sections():
        file_sections.register(section.code, section)
    for action in (
        FileAction("visits.survey", 15, _("Record a visit"), householdpage.visit_address, RECORD),
        FileAction("visits.away", 17, _("Take along on this device"), householdpage.away_address, RECORD),
        FileAction("visits.paper", 20, _("Hand in a paper"), householdpage.paper_address, RECORD),
    ):
        file_actions.register(action.code, action)
    entry = MenuEntry("desk", 35, _("Visits and re-checks"), "visits_index", READ, under="household_list")
    menu.register("visits.index", entry)
    menu.register("visits.partner", MenuEntry("partner", 10, _("Files to check"), "partner_home", ASSESS))
    # No menu entry at the desk: county officers hold the right in order to give it, and are named for nothing.
    for item in (
        DeskItem("visits.assess", 10, _("Files to check"), "visits/_desk_assess.html", _to_check, ASSESS),
        DeskItem("visits.calls", 25, _("Calls back"), "visits/_desk_calls.html", _calls, RECORD),
    ):
        desk_items.register(item.code, item)


def _in_hand(request: HttpRequest, provider_id: int) -> list[HandoverLine]:
    found = queries.handed_to(scope_of(request.user, READ), provider_id)
    return [HandoverLine(one.sample, one.contract, clock.today()) for one in found]


_IN_HAND = ProviderSection(
    _("Samples in its hands"), "visits/_provider_samples.html", _in_hand, _("No sample is in its hands."), READ
)


def _leave(leaving: Leaving) -> None:
    record_departure(leaving=leaving, acting_user=leaving.acting_user)


def _sections() -> tuple[FileSection, ...]:
    return (
        FileSection(
            "visits.papers", 10, _("List of papers"), "visits/_papers.html", householdpage.papers_section,
            "visits/_papers_paper.html",
        ),
        FileSection(
            "visits.visits", 20, _("Visits, grades, calls back"), "visits/_visits.html", householdpage.visits_section,
            "visits/_visits_paper.html",
        ),
    )  # fmt: skip


def _calls(request: HttpRequest) -> dict[str, Any]:
    due = queries.calls_due(scope_of(request.user, RECORD), clock.today() + SOON)
    rows = list(due[:FIRST_PAGE_ROWS])
    cards = subject_cards("household", [call.household_id for call in rows], today=clock.today())
    return {"rows": [(call, cards[call.household_id]) for call in rows], "count": due.count() if rows else 0}


def _to_check(request: HttpRequest) -> dict[str, Any]:
    rows = masked_rows(queries.rows_for_assessor(request.user).filter(finding__isnull=True), clock.today())
    return {"rows": rows[:FIRST_PAGE_ROWS], "count": len(rows)}
