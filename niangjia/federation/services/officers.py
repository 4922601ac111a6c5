"""Officers: appointing somebody to a role, with an account where there is none yet, and one's own password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.accounts.services import passwords
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation import whois
from niangjia.federation.models import Grant, Officer, Union
from niangjia.federation.services import audit
from niangjia.federation.services.grants import end_of, grant_role


class NameDiffers(Refusal):
    """A log-in name typed wrongly must not give a stranger a role."""

    sentence = _(
        "An account with this log-in name exists, but under another name. Nothing was changed. "
        "Please compare both, or choose another log-in name for a new account."
    )


@dataclass(frozen=True)
class Appointment:
    """A role that was given; for a new account also its first password, which is shown once and kept nowhere."""

    grant: Grant
    first_password: str


@transaction.atomic
def appoint(
    *, username: str, name: str, post: str, role: str, union: Union, until: date, reason: str, programme: str = "",
    who: str = "", acting_user: User,
) -> Appointment:  # fmt: skip
    """Give a role until the end of a day to an account, which is opened when there is none of that name.

    With a programme (its code) the role is narrowed to that one. `who` is the officer's file in the register, as
    `whois` offered it.
    """
    user = User.objects.filter(username=username).first()
    first_password = ""
    if user is None:
        first_password = secrets.token_urlsafe(9)
        user = create_user(username=username, display_name=name, password=first_password)
        audit.record(
            "federation.account:open", acting_user=acting_user, object_kind="user", object_id=user.pk,
            union_id=union.pk, after={"username": username},
        )  # fmt: skip
    elif user.display_name != name:
        raise NameDiffers(field="name")
    grant = grant_role(
        user=user, role=role, union=union, programme=programme, expires_at=end_of(until), acting_user=acting_user,
        reason=reason,
    )  # fmt: skip
    if post and not Officer.objects.filter(user=user, union=union, post=post, valid_to=union.ended_on).exists():
        Officer.objects.create(
            user=user, union=union, post=post, valid_from=clock.today(), valid_to=union.ended_on
        )  # fmt: skip
    whois.say(user=user, answer=who, source=reason, acting_user=acting_user)
    return Appointment(grant, first_password)


@transaction.atomic
def change_own_password(*, old: str, new: str, acting_user: User) -> None:
    """Change one's own password; that it was changed is written down."""
    passwords.change_password(old=old, new=new, acting_user=acting_user)
    audit.record("federation.account:password", acting_user=acting_user, object_kind="user", object_id=acting_user.pk)
