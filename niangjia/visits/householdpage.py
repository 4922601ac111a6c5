"""What this room shows on a household's page: papers, visits, grades, calls back; its line of time, open matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.scopes import Scope, scope_of
from niangjia.files import queries as files
from niangjia.people.bureaux.authorities import adults_of, authorities_on
from niangjia.people.filepage import OpenedFile, UnderWay
from niangjia.people.timeline import TimelineEntry
from niangjia.visits import queries
from niangjia.visits.models import CampaignFile, Finding, FollowUp, HomeVisit, Paper, PaperTakenBack, VisitTakenBack
from niangjia.visits.standards import PaperNeed

# The printed survey form, whose photograph files itself.
SURVEY = "survey"

EVIDENCE = "files.evidence:read"
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
class There:
    """A paper that is there: handed in, or a printed form whose photograph filed itself."""

    dated_on: date
    address: str
    is_form: bool = False
    take_back: str = ""  # where it is taken back; a form is not
    good_until: date | None = None  # where the paper itself says how long it counts


@dataclass(frozen=True)
class PaperLine:
    """One line of the list of papers: there, missing or stale."""

    name: str
    state: str  # there | missing | stale | more
    paper: There | None = None
    fresh_until: date | None = None


def paper_lines(
    needed: Collection[PaperNeed], papers: Collection[Paper], today: date, forms: Mapping[str, There] | None = None
) -> list[PaperLine]:
    """What a file needs, each with its newest paper or form; then what was handed in beyond that."""
    newest: dict[str, There] = {}
    for paper in papers:
        newest.setdefault(paper.kind, _handed_in(paper))
    lines = [_line(need, newest.get(need.name), (forms or {}).get(need.form), today) for need in needed]
    names = {need.name for need in needed}
    return lines + [PaperLine(kind, "more", paper) for kind, paper in newest.items() if kind not in names]


def _handed_in(paper: Paper) -> There:
    address, take_back = (reverse(name, args=[paper.public_id]) for name in ("paper_open", "paper_take_back"))
    return There(paper.dated_on, address, take_back=take_back)


def _line(need: PaperNeed, paper: There | None, form: There | None, today: date) -> PaperLine:
    there = [one for one in (paper, form) if one is not None]
    if not there:
        return PaperLine(need.name, "missing")
    # Of two of one day the one that was handed in: its day was read from the paper.
    newest = max(there, key=lambda one: one.dated_on)
    days = [] if need.fresh_days is None else [newest.dated_on + timedelta(days=need.fresh_days)]
    days += [] if newest.good_until is None else [newest.good_until]
    until = min(days, default=None)
    return PaperLine(need.name, "stale" if until is not None and until < today else "there", newest, until)


def forms_there(opened: OpenedFile, kinds: Collection[str], today: date) -> dict[str, There]:
    """The newest photographed form of these kinds: about the household, or about each of its grown-ups.

    A form that only some of them have signed is not there. Of forms about each, the oldest is the one that counts.
    """
    if not kinds:
        return {}
    adults = [one.person_id for one in adults_of([opened.household_id], today)[opened.household_id]]
    photos = [*files.papers_of("household", opened.household_id), *files.papers_of("person", *adults)]
    entered = authorities_on([photo.file_id for photo in photos])
    scope = scope_of(opened.user, EVIDENCE)
    newest: dict[str, dict[tuple[str, int], There]] = defaultdict(dict)
    for photo in photos:
        said = entered.get(photo.file_id)
        if photo.code is None or photo.code.kind not in kinds or (said and said.withdrawn_on):
            continue
        day = said.signed_on if said else photo.handed_in_at.astimezone(clock.LOCAL).date()
        one = There(day, _address(photo, scope), is_form=True, good_until=said.valid_until if said else None)
        newest[photo.code.kind].setdefault((photo.code.subject_kind, photo.code.subject_id), one)
    home = ("household", opened.household_id)
    everybody = {("person", pk) for pk in adults}
    return {
        kind: found.get(home) or min(found.values(), key=lambda one: one.dated_on)
        for kind, found in newest.items()
        if home in found or (everybody and everybody <= found.keys())
    }


def _address(photo: Any, scope: Scope) -> str:
    return reverse("paper_picture", args=[photo.public_id]) if scope.reaches_union(photo.union_id) else ""


def papers_section(opened: OpenedFile) -> dict[str, Any] | None:
    """The list of papers of an open file; of another household only what it handed in."""
    papers, taken_back = queries.papers_of(opened.household_id), queries.papers_taken_back(opened.household_id)
    if opened.file_id is None and not (papers or taken_back):
        return None
    today = clock.today()
    standard, rules = queries.standard_for(opened.union_id, today)
    needed = rules.needed(opened.grade, opened.cause) if opened.file_id is not None else []
    forms = forms_there(opened, {need.form for need in needed if need.form}, today)
    lines = paper_lines(needed, papers, today, forms)
    states = [line.state for line in lines]
    return {
        "lines": lines, "standard": standard, "public_id": opened.public_id, "missing": states.count("missing"),
        "stale": states.count("stale"), "there": states.count("there"),
        "taken_back": taken_back,
    }  # fmt: skip


def visits_section(opened: OpenedFile) -> dict[str, Any] | None:
    """Visits, grades and calls back of a household."""
    visits = list(queries.with_those_taken_back([opened.household_id])[:SHOWN_VISITS])
    calls, gradings = list(queries.calls_of(opened.household_id)), list(queries.gradings_of(opened.household_id))
    if opened.file_id is None and not (visits or calls or gradings):
        return None
    rows = [(visit, PURPOSES[visit.purpose], VERDICTS[visit.verdict]) for visit in visits]
    done = [
        (call, RESULTS.get(call.result, ""), [(one, RESULTS[one.result]) for one in call.taken_back.all()])
        for call in calls
    ]
    return {
        "visits": rows, "calls": done, "gradings": gradings, "public_id": opened.public_id,
        "in_file": opened.file_id is not None,
    }  # fmt: skip


def past_visits(household_ids: Collection[int], _person_ids: Collection[int]) -> list[TimelineEntry]:
    """Visits and calls of a household for its line of time."""
    visits = [_past_visit(visit) for visit in queries.with_those_taken_back(household_ids)]
    calls = FollowUp.objects.filter(household_id__in=household_ids, done_on__isnull=False)
    return visits + [
        TimelineEntry(call.done_on, _("Call back after leaving"), str(RESULTS.get(call.result, "")), kind="visit")
        for call in calls
        if call.done_on is not None
    ]


def _past_visit(visit: HomeVisit) -> TimelineEntry:
    taken = getattr(visit, "taken_back", None)
    return TimelineEntry(
        visit.visited_on, PURPOSES[visit.purpose],
        f"{VERDICTS[visit.verdict]} · {visit.recorded_by.display_name}" if taken is None else why_taken_back(taken),
        url=reverse("visit_file", args=[visit.public_id]), kind="visit", is_struck=taken is not None,
    )  # fmt: skip


def why_taken_back(taken: VisitTakenBack | PaperTakenBack) -> str:
    """Who took something back, when and why, in one line."""
    on = taken.taken_back_at.astimezone(clock.LOCAL).date()
    words = {"on": on.isoformat(), "who": taken.taken_back_by.display_name, "why": taken.reason}
    return _("Taken back on %(on)s by %(who)s: %(why)s") % words


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


def away_address(public_id: str) -> str:
    """Where a household's form is taken along on a device."""
    return f"{reverse('visits_away_choose')}?household={public_id}"
