"""Until when: the union promises a day by which it answers, and the worker reads it with who holds it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits.answerdays import answer_days
from niangjia.benefits.models import AnswerDay
from niangjia.benefits.status import day_in_words
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.policy import queries as policy


class DayMissing(Refusal):
    """A promise has a day."""

    sentence = _("By which day do you answer? Please give it as 2026-08-10.")


class DayNotPossible(Refusal):
    """Past already, or after the programme has ended."""


@transaction.atomic
def set_answer_day(*, version_public_id: str, day: date | None, acting_user: User) -> AnswerDay:
    """Promise a day by which those who meet the rule are answered; a later promise takes the earlier one's place."""
    scope = require(acting_user, "benefits.list:freeze")
    card = policy.version_card(scope, version_public_id)
    require(acting_user, "benefits.list:freeze", card.owner_union_id, programme=card.programme_slug)
    if day is None:
        raise DayMissing(field="answer_by")
    if day < clock.today():
        raise DayNotPossible(_("That day has passed. A promise is for today or later."), field="answer_by")
    if card.valid_to is not None and day > card.valid_to:
        raise DayNotPossible(
            format_lazy(
                _("The programme ends on {day}; please answer by then at the latest."), day=day_in_words(card.valid_to)
            ),
            field="answer_by",
        )
    before = answer_days([card.id]).get(card.id)
    found = AnswerDay.objects.create(
        version_id=card.id, union_id=card.owner_union_id, day=day, set_by=acting_user, set_at=clock.now()
    )
    audit.record(
        "benefits.list:answer_day", acting_user=acting_user, object_kind="programme_version", object_id=card.id,
        union_id=card.owner_union_id, before={"day": before}, after={"day": day},
    )  # fmt: skip
    return found
