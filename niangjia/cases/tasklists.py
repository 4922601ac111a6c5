"""乡镇 tasks as the one mechanism lists them: what was handed down, what is asked of us, and one task's returns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.cases import queries, towns
from niangjia.cases.lists import LATE, state_of
from niangjia.cases.models import Assignment, DueReturn
from niangjia.cases.permissions import READ
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.spellings import in_any_spelling
from niangjia.federation.listing.house import union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.listing.units import Count
from niangjia.federation.scopes import Scope

RETURNED = str(DueReturn.State.RETURNED)
RUNNING, DONE, GONE, NIL = "running", "done", "gone", "nil"


def _tasks(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return towns.counted(queries.assignments_below(scope))


def _task_state(rows: QuerySet, state: str) -> QuerySet:
    if state == GONE:
        return rows.filter(withdrawn_at__isnull=False)
    rows = rows.filter(withdrawn_at__isnull=True)
    if state == DONE:
        return rows.filter(n_returned=F("n_asked"))
    return rows.filter(n_over__gt=0) if state == LATE else rows.filter(n_returned__lt=F("n_asked"))


def _title_begins(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(in_any_spelling(lambda title: Q(title__startswith=title), text))


def _task_lines(tasks: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "title": line.assignment.title, "by": line.assignment.union.name, "kind": line.kind,
                "due": line.assignment.due_on, "asked": line.numbers["asked"], "returned": line.numbers[RETURNED],
                "late": line.numbers[LATE], "state": State(*line.state),
            },
            url=reverse("town_task", args=[line.assignment.public_id]), object_id=line.assignment.pk,
            union_id=line.assignment.union_id,
        )
        for line in map(towns.line_of, tasks)
    ]  # fmt: skip


TASKS = ListKind(
    code="cases.tasks", title=_("Handed down"), unit="task", right=READ, export_right=READ,
    columns=(
        Column("title", _("Task"), order=("title",)), Column("by", _("Handed down by")),
        Column("kind", _("To be returned")), Column("due", _("Due on"), "day", ("due_on",)),
        Column("asked", _("Asked"), "number", ("n_asked",)),
        Column("returned", _("Have returned"), "number", ("n_returned",)),
        Column("late", _("Late"), "number", ("n_over",)), Column("state", _("State"), "state"),
        Column("number", _("In the order they were handed down"), "number", ("id",), True, on_page=False),
    ),
    conditions=(
        Condition("title", _("Title begins with"), _title_begins),
        Condition(
            "state", _("State"), _task_state,
            lambda scope: [
                (RUNNING, _("not all returned")), (LATE, _("Late")), (DONE, _("all returned")), (GONE, _("taken back")),
            ],
        ),
        Condition(
            "by", _("Handed down by"), lambda rows, union: rows.filter(union__public_id=union), union_choices,
            named=union_named,
        ),
        Condition("since", _("Due from"), lambda rows, day: rows.filter(due_on__gte=day), form="day"),
        Condition("until", _("Due until"), lambda rows, day: rows.filter(due_on__lte=day), form="day"),
    ),
    rows=_tasks, lines=_task_lines, address=lambda about: reverse("towns"), default="-number",
    empty=(
        _("Nothing has been handed down yet."),
        _("Hand a task down: each union below sees it on its first page, and you see here who has returned it."),
    ),
)  # fmt: skip


def _asked(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    rows = queries.asked_below(scope)
    return rows.annotate(is_done=Case(When(state=RETURNED, then=Value(1)), default=Value(0)))


def _due_state(rows: QuerySet, state: str) -> QuerySet:
    if state in {RUNNING, LATE}:
        rows = rows.exclude(state=RETURNED)
        return rows if state == RUNNING else rows.filter(due_on__lt=clock.today())
    return rows.filter(state=state)


def _asked_lines(dues: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "title": line.due.assignment.title, "by": line.due.assignment.union.name, "union": line.due.union.name,
                "due": line.due.due_on, "state": state_of(line.state, line.late),
            },
            url=reverse("town_return", args=[line.due.public_id]), object_id=line.due.pk, union_id=line.due.union_id,
        )
        for line in towns.asked_lines(dues)
    ]  # fmt: skip


_DUE_STATES = [
    (RUNNING, _("not returned yet, or sent back")), (LATE, _("Late")),
    *((str(code), word) for code, (_colour, word) in towns.STATES.items()),
]  # fmt: skip

ASKED = ListKind(
    code="cases.asked", title=_("Asked of us"), unit="task", right=READ, export_right=READ,
    columns=(
        Column("title", _("Task"), order=("assignment__title",)), Column("by", _("Asked by")),
        Column("union", _("Union")), Column("due", _("Due on"), "day", ("is_done", "due_on")),
        Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition("state", _("State"), _due_state, lambda scope: _DUE_STATES),
        Condition(
            "union", _("Union"), lambda rows, union: rows.filter(union__public_id=union), union_choices,
            named=union_named,
        ),
    ),
    rows=_asked, lines=_asked_lines, address=lambda about: reverse("towns_asked"), default="due",
    standing=_("not taken back"),
    empty=(_("Nothing is asked of us."), _("What a union above hands down appears here by itself.")),
)  # fmt: skip


def _returns(scope: Scope, about: str, given: Mapping[str, Any]) -> list[towns.TownRow]:
    """Each union of one task, the late ones first."""
    return towns.progress(_task(scope, about)).rows


def _task(scope: Scope, about: str) -> Assignment:
    row = queries.assignments_below(scope).filter(public_id=about).first()
    if row is None:
        raise NotFoundHere
    return row


def _row_state(rows: list[towns.TownRow], state: str) -> list[towns.TownRow]:
    if state == LATE:
        return [row for row in rows if row.late]
    if state == NIL:
        return [row for row in rows if row.is_nil]
    if state == RUNNING:
        return [row for row in rows if row.due.state != RETURNED]
    return [row for row in rows if row.due.state == state]


def _return_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "union": row.name, "state": state_of(row.state, row.late), "due": row.due.due_on,
                "on": row.answer.given_at.astimezone(clock.LOCAL).date() if row.answer else None,
                "late": Count(row.late or row.answered_late, "workday"), "what": row.kind,
                "behalf": row.answer.given_by.display_name if row.answer and row.answer.on_behalf else "",
                "contact": row.contact.name if row.contact else "", "telephone": row.telephone,
            },
            url=reverse("town_return", args=[row.due.public_id]), object_id=row.due.pk, union_id=row.due.union_id,
        )
        for row in rows
    ]  # fmt: skip


def _task_title(scope: Scope, about: str) -> str:
    return _task(scope, about).title


def _task_address(about: str) -> str:
    return reverse("town_task", args=[about]) if about else reverse("towns")


RETURNS = ListKind(
    code="cases.returns", title=_("Union by union"), unit="union", right=READ, export_right=READ,
    columns=(
        # As they are urgent.
        Column("urgency", _("Most urgent first"), key=lambda row: 0, on_page=False),
        Column("union", _("Union"), key=lambda row: row.due.union.code),
        Column("state", _("State"), "state", key=lambda row: row.due.state),
        Column("due", _("Due on"), "day", key=lambda row: row.due.due_on),
        Column("on", _("Returned on"), "day", key=lambda row: row.answer.given_at.timestamp() if row.answer else 0),
        Column("late", _("Working days late"), "number", key=lambda row: row.late or row.answered_late, on_page=False),
        Column("what", _("What was returned"), key=lambda row: str(row.kind)),
        Column("behalf", _("Entered on behalf"), on_page=False), Column("contact", _("Contact")),
        Column("telephone", _("Telephone"), on_page=False),
    ),
    conditions=(
        Condition("state", _("State"), _row_state, lambda scope: [*_DUE_STATES, (NIL, _("nil return"))]),
    ),
    rows=_returns, lines=_return_lines, address=_task_address, default="urgency",
    headline=_task_title,
)  # fmt: skip


def register() -> None:
    """Offer them."""
    for kind in (TASKS, ASKED, RETURNS):
        list_kinds.register(kind.code, kind)
