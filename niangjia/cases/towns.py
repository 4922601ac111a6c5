"""乡镇进度: who has returned what, who is late, and the words to chase with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.cases.models import Assignment, DueReturn, ReturnAnswer
from niangjia.cases.queries import asked_of, assignments_in, returns_of
from niangjia.core import clock
from niangjia.core.workdays import workdays_late
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.units import Count as Units, word_of
from niangjia.federation.queries import OfficerCard, officers_of
from niangjia.federation.templatetags.lists import linked
from niangjia.people.rosters.kinds import roster_kinds

State = DueReturn.State
STATES: dict[str, tuple[str, str | Promise]] = {
    State.DUE: ("ask", _("not returned yet")),
    State.RETURNED: ("yes", _("returned")),
    State.SENT_BACK: ("ask", _("sent back")),
}
KINDS: dict[str, str | Promise] = {"words": _("in words"), "roster": _("roster"), "nil": _("nil return")}
FIRST_PAGE_ROWS = 6
RETURNS = "cases.returns"


def returns_url(assignment: Assignment, state: str = "") -> str:
    """The unions of a task, all or those in one state."""
    return list_url(RETURNS, assignment.public_id, **({"state": state} if state else {}))


@dataclass(frozen=True)
class TownRow:
    """One union of a task."""

    due: DueReturn
    name: str
    state: tuple[str, str | Promise]
    late: int  # working days over, while nothing is returned
    contact: OfficerCard | None
    telephone: str
    answer: ReturnAnswer | None
    answered_late: int
    handed_on: list[HandedOn]

    @property
    def is_nil(self) -> bool:
        """Whether it had nothing to report."""
        return self.due.state == State.RETURNED and self.answer is not None and self.answer.kind == "nil"

    @property
    def kind(self) -> str | Promise:
        """What it returned: words, a roster, nothing to report."""
        return KINDS[self.answer.kind] if self.answer else ""


@dataclass(frozen=True)
class HandedOn:
    """The same task one level further down."""

    assignment: Assignment
    asked: int
    returned: int


@dataclass(frozen=True)
class Progress:
    """One task with its rows, the late ones first."""

    assignment: Assignment
    rows: list[TownRow]

    @property
    def asked(self) -> int:
        """How many unions owe an answer."""
        return len(self.rows)

    @property
    def returned(self) -> list[TownRow]:
        """Those that have returned."""
        return [row for row in self.rows if row.due.state == State.RETURNED]

    @property
    def sent_back(self) -> list[TownRow]:
        """Those that do it again."""
        return [row for row in self.rows if row.due.state == State.SENT_BACK]

    @property
    def waited_for(self) -> list[TownRow]:
        """Those that have never answered."""
        return [row for row in self.rows if row.due.state == State.DUE]

    @property
    def late(self) -> list[TownRow]:
        """Those whose day is over."""
        return [row for row in self.rows if row.late]

    @property
    def nil(self) -> list[TownRow]:
        """Those that had nothing to report."""
        return [row for row in self.rows if row.is_nil]

    def figures(self) -> list[dict[str, Any]]:
        """The four numbers on top, each with its unit."""

        def figure(label: Any, number: int, state: str = "", note: Any = "") -> dict[str, Any]:
            url = returns_url(self.assignment, state)
            unit = word_of(number, "body")
            return {"label": label, "value": number, "counted": number, "unit": unit, "url": url, "note": note}

        nils = linked(Units(len(self.nil), "body", url=returns_url(self.assignment, "nil")))
        nil = format_html(gettext("{nil} of them nil returns"), nil=nils) if self.nil else ""
        return [
            figure(_("Asked"), self.asked), figure(_("Have returned"), len(self.returned), "returned", nil),
            figure(_("Sent back"), len(self.sent_back), "sent_back"), figure(_("Late"), len(self.late), "late"),
        ]  # fmt: skip


def progress(assignment: Assignment) -> Progress:
    """A task found in scope, as its page, its paper and its table show it."""
    dues = list(returns_of(assignment))
    answers = {
        row.due_return_id: row
        for row in ReturnAnswer.objects.filter(due_return__in=dues, number=F("due_return__answered"))
        .select_related("given_by", "roster")
    }  # fmt: skip
    below = _handed_on([due.pk for due in dues])
    rows = [_row(due, answers.get(due.pk), below.get(due.pk, [])) for due in dues]
    return Progress(assignment, sorted(rows, key=_urgency))


def _row(due: DueReturn, answer: ReturnAnswer | None, below: list[HandedOn]) -> TownRow:
    contact = next(iter(officers_of(due.union_id)), None)
    late = late_days(due)
    answered_on = answer.given_at.astimezone(clock.LOCAL).date() if answer else None
    return TownRow(
        due=due, name=due.union.name, state=("late", STATES[due.state][1]) if late else STATES[due.state], late=late,
        contact=contact, telephone=contact.telephone if contact else due.union.telephone, answer=answer,
        answered_late=workdays_late(due.due_on, answered_on) if answered_on and due.state == State.RETURNED else 0,
        handed_on=below,
    )  # fmt: skip


def late_days(due: DueReturn) -> int:
    """Working days since the day was over, as long as nothing is returned."""
    return 0 if due.state == State.RETURNED else workdays_late(due.due_on, clock.today())


def _urgency(row: TownRow) -> tuple[int, int, str]:
    order = {State.DUE: 1, State.SENT_BACK: 2, State.RETURNED: 3}
    return -row.late, order[State(row.due.state)], row.due.union.code


def _handed_on(due_ids: Collection[int]) -> dict[int, list[HandedOn]]:
    found: dict[int, list[HandedOn]] = {}
    rows = Assignment.objects.filter(part_of_id__in=due_ids, withdrawn_at__isnull=True).order_by("pk")
    for row in counted(rows):
        if row.part_of_id is not None:
            found.setdefault(row.part_of_id, []).append(HandedOn(row, row.n_asked, row.n_returned))
    return found


def counted(rows: Any) -> Any:
    """Tasks with how many unions each asks, have returned and are late."""
    today = clock.today()
    return rows.annotate(
        n_asked=Count("returns"), n_returned=Count("returns", filter=Q(returns__state=State.RETURNED)),
        n_over=Count("returns", filter=~Q(returns__state=State.RETURNED) & Q(returns__due_on__lt=today)),
    )  # fmt: skip


@dataclass(frozen=True)
class TaskLine:
    """One task in the list of those handed down."""

    assignment: Assignment
    asked: int
    returned: int
    over: int
    kind: str | Promise

    @property
    def numbers(self) -> dict[str, Units]:
        """How many unions were asked, have returned and are late, each opening these."""
        found = {"asked": self.asked, str(State.RETURNED): self.returned, "late": self.over}
        return {
            state: Units(number, "body", url=returns_url(self.assignment, "" if state == "asked" else state))
            for state, number in found.items()
        }

    @property
    def state(self) -> tuple[str, str | Promise]:
        """Colour and word."""
        if self.assignment.withdrawn_at:
            return "no", _("taken back")
        if self.returned == self.asked:
            return "yes", _("all returned")
        return ("late", _("late")) if self.over else ("go", _("under way"))


def task_lines(assignments: Any) -> list[TaskLine]:
    """Tasks found in scope, each with its counts; one query."""
    return [line_of(row) for row in counted(assignments)]


def line_of(row: Any) -> TaskLine:
    """A task that came with its counts."""
    return TaskLine(row, row.n_asked, row.n_returned, row.n_over, kind_of(row))


def kind_of(assignment: Assignment) -> str | Promise:
    """What is to be returned."""
    code = assignment.roster_kind
    return roster_kinds.get(code).title if code in roster_kinds else _("an answer in words")


@dataclass(frozen=True)
class AskedLine:
    """One thing that is asked of a union."""

    due: DueReturn
    state: tuple[str, str | Promise]
    late: int


def asked_lines(dues: Any) -> list[AskedLine]:
    """What is owed, found in scope."""
    found = []
    for due in dues:
        late = late_days(due)
        found.append(AskedLine(due, ("late", STATES[due.state][1]) if late else STATES[due.state], late))
    return found


def tabs(user: User, current: str) -> list[dict[str, Any]]:
    """The two views of tasks; what is still owed is counted."""
    owed = open_asked(user).count()
    return [
        {"label": _("Handed down"), "url": reverse("towns"), "current": current == "cases.tasks"},
        {"label": _("Asked of us"), "url": list_url("cases.asked", state="running") if owed else reverse("towns_asked"),
         "count": owed or None, "unit": _("tasks"), "current": current == "cases.asked"},
    ]  # fmt: skip


def open_asked(user: User) -> Any:
    """What one's own unions still owe."""
    return asked_of(user).exclude(state=State.RETURNED)


def running(user: User) -> list[TaskLine]:
    """Tasks handed down that not everybody has returned."""
    rows = assignments_in(user).filter(withdrawn_at__isnull=True)
    return [line for line in task_lines(rows) if line.returned < line.asked]


def due_block(request: HttpRequest) -> dict[str, Any]:
    """For the first page: what is owed to the unions above."""
    owed = open_asked(request.user)
    url = list_url("cases.asked", state="running")
    return {"rows": asked_lines(owed[:FIRST_PAGE_ROWS]), "count": owed.count(), "unit": "task", "all_url": url}


def towns_block(request: HttpRequest) -> dict[str, Any]:
    """For the first page: the tasks handed down that are not back yet, those that are late first."""
    lines = sorted(running(request.user), key=lambda line: (-line.over, line.assignment.due_on))
    url = list_url("cases.tasks", state="running")
    return {"rows": lines[:FIRST_PAGE_ROWS], "count": len(lines), "unit": "task", "all_url": url}


def badge(request: HttpRequest) -> int | None:
    """For the menu: what is owed, and what is late below."""
    user = request.user
    over = DueReturn.objects.filter(
        assignment__in=assignments_in(user).filter(withdrawn_at__isnull=True).values("pk"), due_on__lt=clock.today()
    )
    return open_asked(user).count() + over.exclude(state=State.RETURNED).count() or None
