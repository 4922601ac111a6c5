from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from niangjia.accounts import phones, sessions
from niangjia.accounts.demo import accounts_on_stage
from niangjia.accounts.doors import anonymous, logged_in
from niangjia.accounts.forms import CodeForm, PasswordForm, PhoneForm, refuse
from niangjia.accounts.models import User
from niangjia.accounts.services import codes, passwords
from niangjia.core.errors import Refusal

_ASKED = "login_asked"


@anonymous("Nobody is logged in before logging in.")
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Ask for a code by telephone number; the answer is the same for every number."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            asked = codes.ask_code(phone=phone)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            request.session[_ASKED] = {
                "code": asked.public_id,
                "next": _next(request),
                "masked": phones.masked(phone),
                "text": asked.demo_text,
            }
            return redirect("login_code")
    return _page(request, "login", form, demo_accounts=accounts_on_stage())


@anonymous("The code is what logs a person in.")
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Try the code; only the browser that asked for it can."""
    asked = request.session.get(_ASKED)
    if not asked:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = codes.try_code(public_id=asked["code"], code=form.cleaned_data["code"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            del request.session[_ASKED]
            return _enter(request, user, asked["next"])
    return _page(request, "code", form, asked=asked, next=asked["next"])


@anonymous("Nobody is logged in before logging in.")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Log in with name and password, for those who work at a desk."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = passwords.log_in_with_password(request=request, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _enter(request, user, _next(request))
    return _page(request, "password", form, demo_accounts=accounts_on_stage(), idle="idle" in request.GET)


@logged_in
@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """What was filled in when the session ran out: send it now, or drop it."""
    found = sessions.kept_form(request)
    if found is None or request.method == "POST":
        sessions.drop_kept_form(request)
        return HttpResponseRedirect(_next(request))
    return render(request, "accounts/kept.html", {"kept": found})


@logged_in
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    end_session(request)
    return redirect("front")


def _enter(request: HttpRequest, user: User, after: str) -> HttpResponse:
    sessions.open_session(request, user)
    if sessions.has_kept_form(request):
        return HttpResponseRedirect(f"{reverse('login_kept')}?{urlencode({'next': after})}")
    return HttpResponseRedirect(after)


def _next(request: HttpRequest) -> str:
    return sessions.safe_next(request, request.POST.get("next") or request.GET.get("next") or "")


def _page(request: HttpRequest, page: str, form: Any, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    after = more.pop("next", None) or _next(request)
    context = {"form": form, "next": after, "next_query": urlencode({"next": after}), **more}
    return render(request, f"accounts/{page}.html", context, status=status)
