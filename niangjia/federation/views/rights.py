"""权限: who may do what, giving a role, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core.errors import Refusal
from niangjia.federation import rightspage, whois
from niangjia.federation.forms.rights import AppointForm, TakeBackForm, refuse
from niangjia.federation.listing import grants as roles_list
from niangjia.federation.listing.pages import open_list
from niangjia.federation.queries import grant_in, standing_in, union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import require, rights_of, scope_of
from niangjia.federation.services import grants, officers


@requires("federation.grant:read")
@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """Each role in scope: who holds it, who gave it, until when; past ones for who asks."""
    found = open_list(request, "federation.grants")
    context = {
        "list": found, "lines": roles_list.lines_of(found, request.user),
        "may_give": bool(rightspage.roles_to_give(request.user)), "roles": rightspage.roles_in_words(),
        "blocks": [(block, block.rows(request)) for block in rightspage.rights_blocks.all()],
    }  # fmt: skip
    return render(request, "federation/rights.html", context)


@requires("federation.grant:give")
@require_http_methods(["GET", "POST"])
def right_new(request: HttpRequest) -> HttpResponse:
    """Give a role; a new account's first password is shown once."""
    scope = require(request.user, grants.GIVE, as_deputy=False)
    offered = [(role.code, role.label) for role in rightspage.roles_to_give(request.user)]
    unions = list(standing_in(scope).values_list("public_id", "name"))
    programmes = rightspage.programmes_offered(scope)
    form = AppointForm(request.POST or None, roles=offered, unions=unions, programmes=programmes)
    if request.method == "POST" and form.is_valid() and whois.answered(form, request.user):
        values = {**form.cleaned_data, "union": union_by_public_id(scope, form.cleaned_data["union"])}
        values.pop("number", None)  # it found the file, and is no part of the role
        try:
            given = officers.appoint(acting_user=request.user, **values)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            programme = dict(programmes).get(given.grant.programme, "")
            return render(request, "federation/right_given.html", {"given": given, "programme": programme})
    return render(request, "federation/right_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("federation.grant:give")
@require_http_methods(["GET", "POST"])
def right_take(request: HttpRequest, grant: int) -> HttpResponse:
    """Take a role back, with a reason; it counts from the next request."""
    found = grant_in(scope_of(request.user, grants.GIVE, as_deputy=False), grant)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grants.revoke_grant(grant=found, acting_user=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Taken back. It counts from this moment on."))
            return redirect("rights" if "federation.grant:read" in rights_of(request.user) else "own_account")
    (line,) = rightspage.lines([found], request.user)
    context = {"form": form, "line": line}
    return render(request, "federation/right_take.html", context, status=422 if form.errors else 200)
