"""零就业家庭 and the files of a re-check, as the one list mechanism shows, exports and prints them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.listing.house import ids_of_town, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.queries import towns_in
from niangjia.federation.scopes import Scope
from niangjia.people.household_rows import files_left
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries
from niangjia.visits.models import CampaignFile, Departure, HomeVisit
from niangjia.visits.nowork import NoWorkLine, no_work_in
from niangjia.visits.permissions import READ

NO_WORK, EVERY, RECHECK, UNCHECKED = "visits.no_work", "all", "visits.recheck", "visits.unchecked"
WAITING, SEEN = "waiting", "seen"
FOUND = {
    str(HomeVisit.Verdict.STILL): _("Still in hardship"), str(HomeVisit.Verdict.BETTER): _("Better"),
}  # fmt: skip


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> list[NoWorkLine]:
    return no_work_in(scope, clock.today(), in_file=given.get(EVERY) != "1").lines


def _lines(rows: Sequence[NoWorkLine], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "head": row.card.name, "union": row.card.union_name, "since": row.reading.on,
                "change": row.reading.next_change_on, "seen": row.seen_on, "due": row.due_on,
            },
            url=reverse("household_file", args=[row.card.public_id]), object_id=row.card.id,
            union_id=row.card.union_id,
        )
        for row in rows
    ]  # fmt: skip


LIST = ListKind(
    code=NO_WORK, title=_("Nobody in work"), unit="household", right=READ, export_right="people.registry:export",
    columns=(
        Column("head", _("Head")), Column("union", _("Union"), "short", key=lambda row: row.card.union_id),
        Column("since", _("Known since"), "day"), Column("change", _("May change on"), "day"),
        Column("seen", _("Last visit"), "day"), Column("due", _("Return visit due"), "day", key=lambda row: row.due_on),
    ),
    conditions=(
        Condition(EVERY, _("Households without a file of difficulty too"), None, lambda scope: [("1", _("yes"))]),
    ),
    rows=_rows, lines=_lines, address=lambda about: reverse("no_work"), default="due",
    subject_kind="household",
)  # fmt: skip


def _files(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return queries.campaign_files(scope, queries.campaign_in(scope, about))


def _of_town(rows: QuerySet, public_id: str) -> QuerySet:
    return rows.filter(household__union_id__in=ids_of_town(public_id))


def _in_state(rows: QuerySet, state: str) -> QuerySet:
    return rows.filter(visit__isnull=state == WAITING)


def _file_lines(rows: Sequence[CampaignFile], wanted: Collection[str]) -> list[Line]:
    cards = subject_cards("household", [row.household_id for row in rows], today=clock.today())
    return [_file_line(row.visit, cards[row.household_id]) for row in rows]


def _file_line(visit: HomeVisit | None, card: SubjectCard) -> Line:
    return Line(
        {
            "head": card.name, "union": card.union_name, "seen": visit.visited_on if visit else None,
            "state": State("yes", _("seen")) if visit else State("ask", _("waits")),
            "found": FOUND.get(visit.verdict) if visit else None,
        },
        url=reverse("household_file", args=[card.public_id]), object_id=card.id, union_id=card.union_id,
    )  # fmt: skip


FILES = ListKind(
    code=RECHECK, title=_("Files of a re-check"), unit="household", right=READ, export_right="people.registry:export",
    columns=(
        Column("head", _("Head")), Column("union", _("Union"), "short", ("household__union_id",)),
        Column("state", _("State"), "state"), Column("seen", _("Seen on"), "day", ("visit__visited_on",)),
        Column("found", _("What was found"), "short", ("visit__verdict",)),
        Column("number", _("In the order of the list"), "number", ("id",), True, on_page=False),
    ),
    conditions=(
        Condition(
            "town", _("Town"), _of_town, lambda scope: [*towns_in(scope).values_list("public_id", "name")],
            named=union_named,
        ),
        Condition("state", _("State"), _in_state, lambda scope: [(WAITING, _("waits")), (SEEN, _("seen"))]),
        Condition(
            "found", _("What was found"), lambda rows, verdict: rows.filter(visit__verdict=verdict),
            lambda scope: [*FOUND.items()],
        ),
    ),
    rows=_files, lines=_file_lines, address=lambda about: reverse("campaign_files", args=[about]), default="number",
    headline=lambda scope, about: queries.campaign_in(scope, about).title, subject_kind="household",
)  # fmt: skip


def flow_begins() -> date:
    """The first day of the flow of files where nobody asks for another: this year's."""
    return date(clock.today().year, 1, 1)


def unchecked(scope: Scope, since: date, until: date) -> QuerySet:
    """Files of difficulty that were left between two days, and no check stands on record for it."""
    return files_left(scope, since, until).exclude(pk__in=Departure.objects.values("file_id"))


def _unchecked(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return unchecked(scope, given.get("since") or flow_begins(), clock.today())


def _unchecked_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    cards = subject_cards("household", [row.household_id for row in rows], today=clock.today())
    found = [(row, cards[row.household_id]) for row in rows]
    return [
        Line(
            {"head": card.name, "union": card.union_name, "entered": row.entered_on, "left": row.exited_on},
            url=reverse("household_file", args=[card.public_id]), object_id=card.id, union_id=card.union_id,
        )
        for row, card in found
    ]  # fmt: skip


LEFT_UNCHECKED = ListKind(
    code=UNCHECKED, title=_("Left without a check"), unit="household", right=READ,
    export_right="people.registry:export",
    columns=(
        Column("head", _("Head")), Column("union", _("Union"), "short", ("household__union_id",)),
        Column("entered", _("Entered on"), "day", ("entered_on",)),
        Column("left", _("Left on"), "day", ("exited_on",)),
    ),
    conditions=(
        Condition("since", _("Left since"), None, form="day", otherwise=_("left since the first day of the year")),
    ),
    rows=_unchecked, lines=_unchecked_lines, address=lambda about: reverse("left_unchecked"), default="-left",
    standing=_("without a check on record"),
    empty=(_("Nobody left without a check."), ""), subject_kind="household",
)  # fmt: skip


def register() -> None:
    """Offer them."""
    for kind in (LIST, FILES, LEFT_UNCHECKED):
        list_kinds.register(kind.code, kind)
