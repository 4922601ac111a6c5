"""Making accounts. Who may have one is decided, and audited, by the rooms above that ask for it."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal


class UsernameTaken(Refusal):
    """Log-in names are unique."""

    sentence = _("This log-in name is taken. Nothing was created. Please choose another.")


class PasswordTooWeak(Refusal):
    """Short, or among the well-known ones."""

    sentence = _("The password is too short (at least 10 characters) or too well known. Nothing was created.")


@transaction.atomic
def create_user(*, username: str, display_name: str, phone: str = "", password: str | None = None) -> User:
    """Make an account (`phone` in E.164); without a password only the phone opens it. System act.

    An account without a grant opens nothing: the caller gives the grant, in the same transaction.
    """
    user = User(username=username.strip(), display_name=display_name, phone=phone, joined_at=clock.now())
    if password is None:
        user.set_unusable_password()
    else:
        try:
            validate_password(password, user)
        except ValidationError:
            raise PasswordTooWeak(field="password") from None
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise UsernameTaken(field="username") from None
    return user


class PhoneTaken(Refusal):
    """A number opens one account."""

    sentence = _("Another account is opened with this number. Nothing was changed. Ask whose it is.")


@transaction.atomic
def change_phone(*, user: User, phone: str, acting_user: User) -> None:
    """Open an account with another number (E.164); the caller has checked the right and audits it."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.phone = phone
    try:
        with transaction.atomic():
            locked.save(update_fields=["phone", "phone_key"])
    except IntegrityError:
        raise PhoneTaken(field="phone") from None


@transaction.atomic
def forget_user(*, user: User, acting_user: User) -> None:
    """Shut an account and forget whose it was; its row stays, because acts name it. The caller audits it."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.is_active, locked.phone, locked.email = False, "", ""
    locked.display_name = "已删除"
    locked.set_unusable_password()
    locked.save()
