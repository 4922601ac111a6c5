"""Nobody decides about himself or his own household: a colleague does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core.errors import Refusal
from niangjia.people.oneself import is_own


class OwnMatter(Refusal):
    """Nobody confirms, corrects or decides what is his own household's."""

    sentence = _("This is about yourself or your own household. A colleague must answer it. Nothing was changed.")


def not_his_own(user: User, subject_kind: str, subject_id: int) -> None:
    """Refuse what somebody does to his own file or that of his household."""
    if is_own(user, subject_kind, subject_id):
        raise OwnMatter
