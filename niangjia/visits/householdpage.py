"""What this room shows on a household's page: papers, visits, grades, calls back; its line of time, open matters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.people.filepage import OpenedFile, UnderWay
from niangjia.people.timeline import TimelineEntry
from niangjia.visits import queries
from niangjia.visits.models import CampaignFile, Finding, FollowUp, HomeVisit, Paper
from niangjia.visits.standards import PaperNeed

# The printed survey form, whose photograph files itself.
SURVEY = "survey"

SHOWN_VISITS = 12
PURPOSES: dict[str, str | Promise] = {
    "survey": _("House survey"), "recheck": _("Re-check"), "review": _("Check before leaving"),
    "return": _("Regular return visit"),
}  # fmt: skip
VERDICTS: dict[str, str | Promise] = {
    "open": _("No finding"), "still": _("Still in hardship"), "better": _("Better"),
}  # fmt: skip
RESULTS: dict[str, str | Promise] = {
    "steady": _("Steady"), "help": _("Needs a hand"), "back": _("In hardship again"), "away": _("Not reached"),
}  # fmt: skip


@dataclass(frozen=True)
class PaperLine:
    """One line of the list of papers: there, missing or stale."""

    name: str
    state: str  # there | missing | stale | more
    paper: Paper | None = None
    fresh_until: date | None = None


def paper_lines(needed: Collection[PaperNeed], papers: Collection[Paper], today: date) -> list[PaperLine]:
    """What a file needs, each with its newest paper; then what was handed in beyond that."""
    newest: dict[str, Paper] = {}
    for paper in papers:
        newest.setdefault(paper.kind, paper)
    lines = [_line(need, newest.get(need.name), today) for need in needed]
    names = {need.name for need in needed}
    return lines + [PaperLine(kind, "more", paper) for kind, paper in newest.items() if kind not in names]


def _line(need: PaperNeed, paper: Paper | None, today: date) -> PaperLine:
    if paper is None:
        return PaperLine(need.name, "missing")
    until = None if need.fresh_days is None else paper.dated_on + timedelta(days=need.fresh_days)
    return PaperLine(need.name, "stale" if until is not None and until < today else "there", paper, until)


def papers_section(opened: OpenedFile) -> dict[str, Any] | None:
    """The list of papers of an open file; of another household only what it handed in."""
    papers = queries.papers_of(opened.household_id)
    if opened.file_id is None and not papers:
        return None
    standard, rules = queries.standard_for(opened.union_id, clock.today())
    needed = rules.needed(opened.grade, opened.cause) if opened.file_id is not None else []
    lines = paper_lines(needed, papers, clock.today())
    states = [line.state for line in lines]
    return {
        "lines": lines, "standard": standard, "public_id": opened.public_id, "missing": states.count("missing"),
        "stale": states.count("stale"), "there": states.count("there"),
    }  # fmt: skip


def visits_section(opened: OpenedFile) -> dict[str, Any] | None:
    """Visits, grades and calls back of a household."""
    visits = list(queries.visits_of([opened.household_id])[:SHOWN_VISITS])
    calls, gradings = list(queries.calls_of(opened.household_id)), list(queries.gradings_of(opened.household_id))
    if opened.file_id is None and not (visits or calls or gradings):
        return None
    rows = [(visit, PURPOSES[visit.purpose], VERDICTS[visit.verdict]) for visit in visits]
    done = [(call, RESULTS.get(call.result, "")) for call in calls]
    return {"visits": rows, "calls": done, "gradings": gradings, "public_id": opened.public_id}


def past_visits(household_ids: Collection[int], _person_ids: Collection[int]) -> list[TimelineEntry]:
    """Visits and calls of a household for its line of time."""
    visits = [
        TimelineEntry(
            visit.visited_on, PURPOSES[visit.purpose], f"{VERDICTS[visit.verdict]} · {visit.recorded_by.display_name}",
            url=reverse("visit_file", args=[visit.public_id]), kind="visit",
        )
        for visit in queries.visits_of(household_ids)
    ]  # fmt: skip
    calls = FollowUp.objects.filter(household_id__in=household_ids, done_on__isnull=False)
    return visits + [
        TimelineEntry(call.done_on, _("Call back after leaving"), str(RESULTS.get(call.result, "")), kind="visit")
        for call in calls
        if call.done_on is not None
    ]


def open_matters(opened: OpenedFile) -> list[UnderWay]:
    """Re-checks that wait for this household, calls back, and what must be put right."""
    waiting = CampaignFile.objects.filter(household_id=opened.household_id, visit__isnull=True)
    found = [
        UnderWay(one.campaign.title, due_on=one.campaign.due_on, url=_visit_url(opened.public_id, "recheck"))
        for one in waiting.select_related("campaign")
    ]
    found += [
        UnderWay(_("Call back after leaving"), due_on=call.due_on, url=reverse("call_record", args=[call.public_id]))
        for call in queries.calls_of(opened.household_id)
        if call.done_on is None
    ]
    wrong = Finding.objects.filter(row__household_id=opened.household_id, agrees=False, rectification__isnull=True)
    found += [
        UnderWay(
            _("Put right what the outside check found"), due_on=one.rectify_by,
            url=reverse("finding_rectify", args=[one.row.public_id]),
        )
        for one in wrong.select_related("row")
    ]  # fmt: skip
    return found


def _visit_url(public_id: str, purpose: str) -> str:
    return f"{reverse('visit_new', args=[public_id])}?purpose={purpose}"


def visit_address(public_id: str) -> str:
    """Where a survey of a household is filled in."""
    return _visit_url(public_id, HomeVisit.Purpose.SURVEY)


def paper_address(public_id: str) -> str:
    """Where a paper of a household is handed in."""
    return reverse("paper_new", args=[public_id])
