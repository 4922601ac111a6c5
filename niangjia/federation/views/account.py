"""我的账号: one's own roles, one's deputies, one's password; and taking back what one asked for."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.accounts.sessions import safe_next
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation import rightspage
from niangjia.federation.forms.rights import DeputyForm, PasswordChangeForm, refuse
from niangjia.federation.queries import own_deputy
from niangjia.federation.routes import logged_in
from niangjia.federation.services import approvals, grants, officers


@logged_in
@require_GET
def own_account(request: HttpRequest) -> HttpResponse:
    """What I may do and until when, and who stands in for me."""
    own = rightspage.own_grants(request.user)
    if not own:
        raise NotFoundHere
    context = {"grants": own, "deputies": rightspage.deputies_of(request.user), "roles": rightspage.roles_in_words()}
    return render(request, "federation/account.html", context)


@logged_in
@require_http_methods(["GET", "POST"])
def deputy_new(request: HttpRequest, grant: int) -> HttpResponse:
    """Name a colleague who stands in for me while I am away."""
    line = next((own for own in rightspage.own_grants(request.user) if own.id == grant), None)
    if line is None:
        raise NotFoundHere
    form = DeputyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grants.name_deputy(grant_id=grant, acting_user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Named. From the first day on your colleague does this in your place."))
            return redirect("own_account")
    context = {"form": form, "line": line}
    return render(request, "federation/deputy_new.html", context, status=422 if form.errors else 200)


@logged_in
@require_POST
def deputy_end(request: HttpRequest, grant: int) -> HttpResponse:
    """I am back: my deputy's role ends now."""
    found = own_deputy(request.user, grant)
    grants.revoke_grant(grant=found, acting_user=request.user, reason=_("Back from leave"))
    messages.success(request, _("Taken back. It counts from this moment on."))
    return redirect("own_account")


@logged_in
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end."""
    if not rightspage.own_grants(request.user):
        raise NotFoundHere
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            officers.change_own_password(old=old, new=new, acting_user=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("The password is changed. Wherever else you were logged in, you are not now."))
            return redirect("own_account")
    return render(request, "federation/password_change.html", {"form": form}, status=422 if form.errors else 200)


@logged_in
@require_POST
def request_withdraw(request: HttpRequest, approval: str) -> HttpResponse:
    """Take back what I sent for confirmation, as long as nobody answered."""
    try:
        approvals.withdraw_request(public_id=approval, acting_user=request.user)
    except approvals.AlreadyDecided as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Taken back. Nobody is asked any more; you can change it and send it again."))
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
