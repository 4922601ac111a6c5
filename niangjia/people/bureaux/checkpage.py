"""What one batch's page shows at each step."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.http import HttpRequest

from niangjia.core import clock
from niangjia.people.bureaux import batches
from niangjia.people.bureaux.answers import Answers
from niangjia.people.bureaux.rowlist import numbers_of
from niangjia.people.bureaux.visits import visits_of
from niangjia.people.models import CrossCheck, Person, RosterImport
from niangjia.people.rosters import page as roster_pages
from niangjia.people.rosters.parts.person import id_key

MOST_LEFT = 200
State = RosterImport.State


def page_of(request: HttpRequest, check: CrossCheck) -> dict[str, Any]:
    """The context of a batch that the caller found in scope."""
    today = clock.today()
    line = batches.check_lines([check], today)[0]
    batch = batches.OpenBatch(check, batches.rows_of(check, today))
    result = batches.result_of(check)
    context = {
        "check": check, "line": line, "batch": batch, "left": batch.left[:MOST_LEFT], "result": result,
        "left_cut": len(batch.left) > MOST_LEFT,
        "request_id": token_urlsafe(18), "may_send": batches.may_send(request.user, check), "visits": visits_of(check),
        "word": batches.second_word(check), "numbers": numbers_of(check, batch),
        "closed": batches.closed_words(check),
    }  # fmt: skip
    failed = _failed(check)
    if result is None and failed is not None:
        context["fault"] = roster_pages.fault_sentence(failed)
    if result is not None:
        context |= _result(result.roster, Answers(result))
    return context


def _failed(check: CrossCheck) -> RosterImport | None:
    rosters = [one.roster for one in sorted(check.results.all(), key=lambda one: -one.pk)]
    return next((one for one in rosters[:1] if one.state == State.UNREADABLE), None)


def _result(roster: RosterImport, answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = {
        "roster": roster, "waiting": roster_pages.is_waiting(roster), "fault": roster_pages.fault_sentence(roster),
        "refused": roster.counts.get("refused", 0), "hidden": roster_pages.hidden_in(roster),
    }  # fmt: skip
    if roster.state == State.CHECKED:
        keys = [id_key(row.id_number) for row in answers.differing]
        people = {
            person.id_key: person
            for person in Person.objects.filter(id_key__in=keys).only("public_id", "id_key", "union_id")
        }
        found |= {
            "answers": answers, "rows": [(row, people.get(id_key(row.id_number))) for row in answers.differing],
            "refused_rows": roster_pages.block_of(roster, "refused", 1),
        }  # fmt: skip
    return found
