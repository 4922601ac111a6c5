"""Reasons for tasks of looks; and for the auditor, who looked at how many."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core.errors import Refusal
from niangjia.federation import looking
from niangjia.federation.forms.looks import LookTaskForm
from niangjia.federation.forms.rights import refuse
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import looks


@requires("federation.look:open_task")
@require_http_methods(["GET", "POST"])
def look_tasks(request: HttpRequest) -> HttpResponse:
    """My tasks, and a new one; from a file it leads back to the file."""
    back = _back(request)
    form = LookTaskForm(request.POST or None, initial={"next": back})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("reason", "most", "hours")}
        try:
            looks.open_task(acting_user=request.user, **values)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The task is open. Each look is kept with its reason."))
            return HttpResponseRedirect(back) if back else redirect("look_tasks")
    context = {
        "form": form, "open": looks.open_task_of(request.user), "tasks": looking.tasks_of(request.user), "next": back,
    }  # fmt: skip
    return render(request, "federation/look_tasks.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if given and allowed else ""


@requires("federation.look:open_task")
@require_POST
def look_task_close(request: HttpRequest, task: str) -> HttpResponse:
    """End my task now."""
    looks.close_task(public_id=task, acting_user=request.user)
    messages.success(request, _("The task is ended."))
    return redirect("look_tasks")


@requires("federation.audit:read")
@require_GET
def lookers(request: HttpRequest) -> HttpResponse:
    """Who looked at how many in the last thirty days, and the reasons given for tasks."""
    scope = scope_of(request.user, "federation.audit:read")
    context = {"lookers": looking.lookers(scope), "tasks": looking.tasks_in(scope)}
    return render(request, "federation/lookers.html", context)
