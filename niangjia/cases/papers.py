"""A task outside the page: as a table, and as words to paste into the towns' group."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext as _

from niangjia.accounts.models import User
from niangjia.cases.models import Assignment
from niangjia.cases.towns import Progress, TownRow, progress
from niangjia.core import clock
from niangjia.federation.queries import officer_card
from niangjia.federation.services import audit
from niangjia.files.workbooks import table_workbook


def chase_words(request: HttpRequest, shown: Progress) -> str:
    """Who is waited for, since when, and whom to ask: one paragraph without anything but text."""
    if not (shown.waited_for or shown.sent_back):
        return ""
    context = {"progress": shown, "task": shown.assignment, "card": officer_card(request.user), "who": request.user}
    lines = [" ".join(line.split()) for line in render_to_string("cases/_chase.txt", context).splitlines()]
    # Chinese sentences stand without a blank between them.
    return ("" if (get_language() or "").startswith("zh") else " ").join(line for line in lines if line)


@transaction.atomic
def workbook(*, assignment: Assignment, acting_user: User) -> bytes:
    """One row per union; who took it and when stands at its foot and on record."""
    shown = progress(assignment)
    audit.record(
        "cases.assignment:export", acting_user=acting_user, object_kind="assignment", object_id=assignment.pk,
        union_id=assignment.union_id, after={"rows": shown.asked},
    )  # fmt: skip
    heads = (
        _("Union"), _("State"), _("Due on"), _("Working days late"), _("Returned on"), _("What was returned"),
        _("Entered on behalf"), _("Contact"), _("Telephone"),
    )  # fmt: skip
    moment = clock.now().astimezone(clock.LOCAL)
    foot = _("Taken by %(who)s at %(when)s.") % {"who": acting_user.display_name, "when": f"{moment:%Y-%m-%d %H:%M}"}
    return table_workbook(heads, [_cells(row) for row in shown.rows], foot)


def _cells(row: TownRow) -> tuple[str | int, ...]:
    answer = row.answer
    given = f"{answer.given_at.astimezone(clock.LOCAL):%Y-%m-%d}" if answer else ""
    return (
        row.name, str(row.state[1]), row.due.due_on.isoformat(), row.late or row.answered_late, given, str(row.kind),
        answer.given_by.display_name if answer and answer.on_behalf else "",
        row.contact.name if row.contact else "", row.telephone,
    )  # fmt: skip
