"""Logging in with a code sent to a telephone: asking, limits, trying.

The answers are the same for known and unknown numbers, down to the rows written; only the text
message differs. Limits stand in the database, as conditional updates: two servers share them.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext, gettext_lazy as _

from niangjia.accounts import entry, texts
from niangjia.accounts.models import LoginCode, SendCount, User, phone_index
from niangjia.core import clock, crypto
from niangjia.core.errors import Refusal

CODE_DIGITS = 6
LIFE = timedelta(minutes=5)
TRIES = 5
GAP = timedelta(seconds=60)
PER_DAY = 10
KEPT = timedelta(days=2)
_ALL = "all"


class AskedTooSoon(Refusal):
    """Less than a minute after the last code."""

    sentence = _("A code was sent less than a minute ago. Please wait a minute and look at your messages first.")


class AskedTooOften(Refusal):
    """More than ten codes for one number on one day."""

    sentence = _(
        "This number has had 10 codes today; no more are sent before tomorrow. If it was not you, tell your union."
    )


class BudgetSpent(Refusal):
    """The installation's text messages of the day are used up."""

    sentence = _("No more codes can be sent today. Please try tomorrow, or ask at your union's office.")


class CodeWrong(Refusal):
    """Wrong, too old, used, tried too often, or for a number nobody knows: one sentence for all."""

    sentence = _(
        "The code does not fit. It counts for 5 minutes and 5 tries. "
        "Look at the newest message, or ask for a new code. "
        "If none arrives, your union may have another number for you: please ask there."
    )


@dataclass(frozen=True)
class Asked:
    """What the page learns of a code that was asked for; the text is given on a demo stage only."""

    public_id: str
    demo_text: str = ""


def ask_code(*, phone: str) -> Asked:
    """Send a code to a number (E.164) if somebody may log in with it. System act: nobody is logged in yet."""
    with transaction.atomic():
        known = _may_log_in(phone)
        _count(phone, known=known)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        row = LoginCode(phone=phone, asked_at=clock.now(), expires_at=clock.now() + LIFE, tries_left=TRIES)
        row.digest = _digest(row.public_id, code)
        row.save()
    text = _text(code)
    if known:
        texts.hand_over(phone, text)
    return Asked(row.public_id, text if known and clock.is_demo() else "")


def _may_log_in(phone: str) -> bool:
    user = User.objects.with_phone(phone).first()
    if user is not None:
        # Who works at a desk sees other people's data: a telephone alone does not open that.
        return entry.may_enter(user) and not entry.works_at_desk(user)
    return any(book.knows(phone) for book in entry.phone_books.all())


def _text(code: str) -> str:
    return gettext(
        "[%(union)s] Your log-in code is %(code)s. It counts for 5 minutes. "
        "Nobody from the union will ask you for it; do not pass it on."
    ) % {"union": settings.TEXTS_SIGNATURE, "code": code}


def _digest(public_id: str, code: str) -> str:
    return crypto.keyed_index("login-code", f"{public_id}:{code}")


def _count(phone: str, *, known: bool) -> None:
    if clock.is_demo():
        return  # nothing is sent, and the demo day never ends
    today, moment = clock.today(), clock.now()
    everything = _count_row(_ALL)
    spent = everything.day == today and everything.sent >= settings.TEXTS_PER_DAY
    if spent:
        raise BudgetSpent(field="phone")
    row = _count_row(phone_index(phone))
    if row.last_at is not None and moment - GAP < row.last_at:
        raise AskedTooSoon(field="phone")
    if row.day == today and row.sent >= PER_DAY:
        raise AskedTooOften(field="phone")
    _add_one(row, limit=PER_DAY)
    if known:
        _add_one(everything, limit=settings.TEXTS_PER_DAY)


def _count_row(key: str) -> SendCount:
    SendCount.objects.get_or_create(key=key, defaults={"day": clock.today(), "sent": 0})
    # Locked until the end of the transaction: two requests at once count as two.
    return SendCount.objects.select_for_update().get(key=key)


def _add_one(row: SendCount, *, limit: int) -> None:
    today, moment = clock.today(), clock.now()
    if row.day != today:
        SendCount.objects.filter(pk=row.pk).update(day=today, sent=1, last_at=moment)
    else:
        SendCount.objects.filter(pk=row.pk, sent__lt=limit).update(sent=F("sent") + 1, last_at=moment)


def try_code(*, public_id: str, code: str) -> User:
    """The account behind a code, or `CodeWrong`. System act: a first log-in makes the account."""
    moment = clock.now()
    # One try is used up before it is looked at, so that tries sent at once are counted.
    open_rows = LoginCode.objects.filter(
        public_id=public_id, used_at__isnull=True, expires_at__gt=moment, tries_left__gt=0
    )
    if not open_rows.update(tries_left=F("tries_left") - 1):
        raise CodeWrong(field="code")
    row = LoginCode.objects.get(public_id=public_id)
    if not hmac.compare_digest(row.digest, _digest(public_id, code.strip())):
        raise CodeWrong(field="code")
    with transaction.atomic():
        used = LoginCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=moment)
        user = _account(row.phone) if used else None
        if user is None:
            raise CodeWrong(field="code")
        entry.note_entry(user, "phone")
    return user


def _account(phone: str) -> User | None:
    # Asked again now: a role may have been taken back while the message travelled.
    if not _may_log_in(phone):
        return None
    user = User.objects.with_phone(phone).first()
    if user is not None:
        return user
    for book in entry.phone_books.all():
        if book.knows(phone):
            return book.enter(phone)
    return None


def forget_old() -> str:
    """Remove codes and counts that no longer limit anything. System act, a nightly duty."""
    gone, _rows = LoginCode.objects.filter(asked_at__lt=clock.now() - KEPT).delete()
    SendCount.objects.filter(day__lt=clock.today() - KEPT).exclude(key=_ALL).delete()
    return f"{gone} codes forgotten"
