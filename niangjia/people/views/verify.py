from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core.errors import Refusal
from niangjia.federation.listing.pages import open_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.files.queries import file_cards, file_response
from niangjia.people import mine, pairs, queries, waiting
from niangjia.people.models import Statement
from niangjia.people.papers import paper_of
from niangjia.people.services.facts import AlreadyVerified, verify_statement
from niangjia.people.services.noting import note_statement_look

VERIFY, EVIDENCE = "people.fact:verify", "files.evidence:read"
_VERDICTS = {"confirm": "confirmed", "return": "returned"}


@requires(VERIFY)
@require_GET
def verify_queue(request: HttpRequest) -> HttpResponse:
    """Statements that wait for an answer, oldest first."""
    requests = mine.open_requests(scope_of(request.user, VERIFY)).count()
    context = {"list": open_list(request, "people.statements"), "requests": requests}
    return render(request, "people/verify_queue.html", context)


@requires(VERIFY)
@require_http_methods(["GET", "POST"])
def verify_statement_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Photograph and value side by side; the answer opens the next one."""
    statement = queries.statement_by_public_id(scope_of(request.user, VERIFY), public_id)
    error = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer == "later":
            return _next(request, statement)
        try:
            verify_statement(
                public_id=public_id, verdict=_VERDICTS.get(answer, ""), note=request.POST.get("reason", ""),
                acting_user=request.user,
            )  # fmt: skip
        except AlreadyVerified as refusal:
            messages.warning(request, str(refusal.sentence))
            return _next(request, statement)
        except Refusal as refusal:
            error = str(refusal.sentence)
        else:
            # A confirmed fact decides again before the officer sees the next page.
            audit.advance_feed()
            messages.success(request, _("Confirmed.") if answer == "confirm" else _("Sent back with your sentence."))
            return _next(request, statement)
    return _show(request, statement, error)


@transaction.atomic
def _show(request: HttpRequest, statement: Statement, error: str) -> HttpResponse:
    note_statement_look(statement=statement, acting_user=request.user)
    context: dict[str, Any] = {
        "row": waiting.compared(statement), "error": error, "reason": request.POST.get("reason", ""),
        "left": queries.waiting_statements(scope_of(request.user, VERIFY)).count(),
        "alike": waiting.alike_to(statement, scope_of(request.user, pairs.MERGE)),
        "may_see_photo": scope_of(request.user, EVIDENCE).reaches_union(statement.union_id),
    }  # fmt: skip
    return render(request, "people/verify_statement.html", context, status=422 if error else 200)


def _next(request: HttpRequest, after: Statement) -> HttpResponse:
    following = queries.next_waiting(scope_of(request.user, VERIFY), after)
    if following is None:
        return redirect("verify_queue")
    return redirect(reverse("verify_statement", args=[following.public_id]))


@requires(EVIDENCE)
@require_GET
def evidence(request: HttpRequest, file_id: str) -> FileResponse:
    """The photograph or paper of a statement or register in scope; the look is written down."""
    paper = paper_of(scope_of(request.user, EVIDENCE), file_id)
    with transaction.atomic():
        audit.record(
            "people.evidence:look", acting_user=request.user, object_kind=paper.object_kind,
            object_id=paper.object_id, union_id=paper.union_id, after=paper.named,
        )  # fmt: skip
    return file_response(file_cards([paper.file_id])[paper.file_id])
