"""Logging in with name and password: five failures lock a name for half an hour, known or not."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import entry
from niangjia.accounts.models import PasswordTries, User
from niangjia.core import clock, crypto
from niangjia.core.errors import Refusal

FAILURES = 5
LOCK = timedelta(minutes=30)
KEPT = timedelta(days=2)


class PasswordWrong(Refusal):
    """Wrong name or password: which of them is not said."""

    sentence = _("Name or password do not fit. After 5 failures the name is locked for 30 minutes.")


class NameLocked(Refusal):
    """Five failures: locked for half an hour."""

    sentence = _(
        "Too many failures: this name is locked for 30 minutes. Nothing else was changed. "
        "If it was not you, tell your administrator."
    )


class OldPasswordWrong(Refusal):
    """Who sits at an open page is not always its owner."""

    sentence = _("The present password does not fit. Nothing was changed.")


class PasswordUnchanged(Refusal):
    """The same again."""

    sentence = _("This is the password you have. Please choose another.")


class NewPasswordTooWeak(Refusal):
    """Short, or among the well-known ones."""

    sentence = _("The password is too short (at least 10 characters) or too well known. Nothing was changed.")


def log_in_with_password(*, request: HttpRequest, username: str, password: str) -> User:
    """The account behind name and password. System act: nobody is logged in yet.

    Raises `PasswordWrong` or `NameLocked`; both say the same for names that do not exist.
    """
    key = crypto.keyed_index("username", username.strip().casefold())
    _use_up_one(key)
    # Outside any transaction: hashing takes a tenth of a second, and no row is locked meanwhile.
    user = authenticate(request, username=username.strip(), password=password)
    if not isinstance(user, User) or not entry.may_enter(user):
        raise PasswordWrong
    with transaction.atomic():
        PasswordTries.objects.filter(key=key).update(failed=0, locked_until=None)
        entry.note_entry(user, "password")
    return user


@transaction.atomic
def change_password(*, old: str, new: str, acting_user: User) -> None:
    """Change one's own password; the room of grants writes it down. Every other session of the account ends."""
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    if not user.check_password(old):
        raise OldPasswordWrong(field="old")
    if old == new:
        raise PasswordUnchanged(field="new")
    try:
        validate_password(new, user)
    except ValidationError:
        raise NewPasswordTooWeak(field="new") from None
    user.set_password(new)
    user.save(update_fields=["password"])
    acting_user.password = user.password


def _use_up_one(key: str) -> None:
    moment = clock.now()
    PasswordTries.objects.get_or_create(key=key, defaults={"last_at": moment})
    PasswordTries.objects.filter(key=key, locked_until__lte=moment).update(failed=0, locked_until=None)
    # Counted before the password is looked at, so that guesses sent at once are counted.
    counted = PasswordTries.objects.filter(key=key, failed__lt=FAILURES).update(failed=F("failed") + 1, last_at=moment)
    PasswordTries.objects.filter(key=key, failed=FAILURES, locked_until__isnull=True).update(locked_until=moment + LOCK)
    if not counted:
        raise NameLocked


def forget_old() -> str:
    """Remove counts that no longer lock anything. System act, a nightly duty."""
    gone, _rows = PasswordTries.objects.filter(last_at__lt=clock.now() - KEPT).delete()
    return f"{gone} counts forgotten"
