"""Step-up: before something that cannot be taken back, the person behind an open session says again who he is.

A new code goes to his telephone; it counts for ten minutes, in this session alone.
"""

from __future__ import annotations

from django.http import HttpRequest

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.accounts.services import codes
from niangjia.accounts.services.codes import CodeWrong
from niangjia.core import clock

COUNTS_SECONDS = 10 * 60
_ASKED, _SINCE = "step_up_asked", "step_up_at"


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session's person said a moment ago who he is."""
    since = request.session.get(_SINCE)
    return since is not None and 0 <= clock.now().timestamp() - since <= COUNTS_SECONDS


def ask(request: HttpRequest, user: User) -> None:
    """Send a new code to the account's own number; raises a `Refusal` where it is too soon or too often."""
    asked = codes.ask_code(phone=user.phone)
    request.session[_ASKED] = {"code": asked.public_id, "masked": phones.masked(user.phone), "text": asked.demo_text}


def asked(request: HttpRequest) -> dict[str, str] | None:
    """What the page tells of the code that was sent; None when none was."""
    found: dict[str, str] | None = request.session.get(_ASKED)
    return found


def confirm(request: HttpRequest, user: User, code: str) -> None:
    """Try the code; raises `CodeWrong`, also when it belongs to another account."""
    sent = asked(request)
    if sent is None or codes.try_code(public_id=sent["code"], code=code).pk != user.pk:
        raise CodeWrong(field="code")
    del request.session[_ASKED]
    request.session[_SINCE] = clock.now().timestamp()
