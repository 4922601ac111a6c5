"""Opening and closing a session: short ones for desks, and what stood in a form when one ran out."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from niangjia.accounts import entry
from niangjia.accounts.models import User
from niangjia.core import clock, crypto

DESK_IDLE_SECONDS = 30 * 60
# The time of the last page is written at most this often: a session row per page would be one write each.
NOTE_EVERY_SECONDS = 30
KEPT_CHARACTERS = 100_000
_BACKEND = "niangjia.accounts.backend.AccountBackend"
_LIMIT, _SEEN, _KEPT = "idle_seconds", "seen_at", "kept_form"


@dataclass(frozen=True)
class KeptForm:
    """What somebody had filled in when the session ran out."""

    user_id: int
    path: str
    pairs: tuple[tuple[str, str], ...]
    had_files: bool


def open_session(request: HttpRequest, user: User) -> None:
    """Log a user in; whoever sees other people's data gets a session that ends after 30 idle minutes."""
    login(request, user, backend=_BACKEND)
    if entry.sees_others(user):
        request.session[_LIMIT] = DESK_IDLE_SECONDS
        request.session[_SEEN] = clock.now().timestamp()


def has_run_out(request: HttpRequest) -> bool:
    """Whether this session was idle for too long; notes the present page when it was not."""
    limit = request.session.get(_LIMIT)
    if limit is None:
        return False
    moment = clock.now().timestamp()
    idle = moment - request.session.get(_SEEN, moment)
    if idle > limit:
        return True
    if idle >= NOTE_EVERY_SECONDS:
        request.session[_SEEN] = moment
    return False


def end_keeping_form(request: HttpRequest) -> None:
    """Log out, and keep what was being sent for the same user's next session (sealed; files are not kept)."""
    kept = _form_of(request)
    logout(request)
    if kept is not None:
        text = json.dumps([kept.user_id, kept.path, kept.pairs, kept.had_files])
        if len(text) <= KEPT_CHARACTERS:
            request.session[_KEPT] = crypto.seal(text, bound_to=_KEPT)


def _form_of(request: HttpRequest) -> KeptForm | None:
    if request.method != "POST" or request.user.pk is None:
        return None
    pairs = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    )
    return KeptForm(request.user.pk, request.get_full_path(), pairs, bool(request.FILES))


def kept_form(request: HttpRequest) -> KeptForm | None:
    """What the present user had filled in; nobody else gets it."""
    sealed = request.session.get(_KEPT)
    if not sealed:
        return None
    user_id, path, pairs, had_files = json.loads(crypto.unseal(sealed, bound_to=_KEPT))
    if user_id != request.user.pk:
        drop_kept_form(request)
        return None
    return KeptForm(user_id, path, tuple((name, value) for name, value in pairs), had_files)


def drop_kept_form(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(_KEPT, None)


def has_kept_form(request: HttpRequest) -> bool:
    """Whether anything is kept in this session, for whomever."""
    return _KEPT in request.session


def safe_next(request: HttpRequest, given: str) -> str:
    """Where to go after logging in: an address of this site, else the first page of the user's area."""
    allowed = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if given and allowed else settings.LOGIN_REDIRECT_URL
