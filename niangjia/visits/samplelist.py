"""The drawn files of a sample as the one list mechanism shows them: what waits, what differs, what was put right."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.listing.house import union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.scopes import Scope
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries
from niangjia.visits.models import SampleRow
from niangjia.visits.permissions import READ

DRAWN = "visits.drawn"
WAITING, CHECKED, DIFFERING, RIGHT = "waiting", "checked", "differing", "right"


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    # What was found stands on the sample's own page, where each look at it is noted.
    rows = queries.drawn_rows(queries.sample_in(scope, about))
    return rows.defer("finding__said", "finding__rectification__said")


def _in_state(rows: QuerySet, state: str) -> QuerySet:
    if state == WAITING:
        return rows.filter(finding__isnull=True)
    if state == CHECKED:
        return rows.filter(finding__isnull=False)
    rows = rows.filter(finding__agrees=False)
    return rows if state == DIFFERING else rows.filter(finding__rectification__isnull=False)


def _state_of(row: SampleRow) -> State:
    finding = getattr(row, "finding", None)
    if finding is None:
        return State("ask", _("not yet checked"))
    if finding.agrees:
        return State("yes", _("as in the file"))
    if hasattr(finding, "rectification"):
        return State("yes", _("differed, put right"))
    return State("late" if finding.rectify_by < clock.today() else "ask", _("otherwise than in the file"))


def _lines(rows: Sequence[SampleRow], wanted: Collection[str]) -> list[Line]:
    cards = subject_cards("household", [row.household_id for row in rows], today=clock.today())
    return [_line(row, cards[row.household_id]) for row in rows]


def _line(row: SampleRow, card: SubjectCard) -> Line:
    finding = getattr(row, "finding", None)
    is_open = finding is not None and not finding.agrees and not hasattr(finding, "rectification")
    return Line(
        {
            "head": card.name, "union": card.union_name, "state": _state_of(row), "number": row.position,
            "found": finding.found_on if finding else None,
            "due": finding.rectify_by if finding is not None and is_open else None,
        },
        url=reverse("household_file", args=[card.public_id]), object_id=card.id, union_id=card.union_id,
    )  # fmt: skip


LIST = ListKind(
    code=DRAWN, title=_("Drawn files"), unit="household", right=READ, export_right="people.registry:export",
    columns=(
        Column("head", _("Head")), Column("number", _("No."), "number", ("position",)),
        Column("union", _("Union"), "short", ("household__union_id",)), Column("state", _("State"), "state"),
        Column("found", _("Checked on"), "day", ("finding__found_on",)),
        Column("due", _("To be put right by"), "day", ("finding__rectify_by",)),
    ),
    conditions=(
        Condition(
            "stratum", _("Stratum"), lambda rows, union: rows.filter(stratum__union__public_id=union), lambda scope: [],
            named=union_named,
        ),
        Condition(
            "state", _("State"), _in_state,
            lambda scope: [
                (WAITING, _("not yet checked")), (CHECKED, _("checked")), (DIFFERING, _("otherwise than in the file")),
                (RIGHT, _("differed, put right")),
            ],
        ),
    ),
    rows=_rows, lines=_lines, address=lambda about: reverse("sample_rows", args=[about]), default="number",
    headline=lambda scope, about: queries.sample_in(scope, about).title, subject_kind="household",
)  # fmt: skip


def register() -> None:
    """Offer it."""
    list_kinds.register(LIST.code, LIST)
