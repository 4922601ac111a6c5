"""A file for another bureau leaves with one officer's press while it names few; more take a second person.

What he confirms is exactly that: this bureau, these facts, these people, this letter. Sent back, the batch is a
draft again, as if nobody had sent it: nothing has left.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation import queries as federation
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import approvals, audit
from niangjia.people.bureaux.batches import LEAVES as KIND
from niangjia.people.models import CrossCheck, CrossCheckSubject

CONFIRM = "people.check:confirm"
MOST_ALONE = 10  # numbers


class SecondPersonFirst(Refusal):
    """Many numbers leave on two persons' word."""

    sentence = _(
        "This file names more than %(most)s persons, so a second person confirms it first. No number has left. "
        "It has been put before the deputy chair."
    )


class AnswerNeedsWords(Refusal):
    """What is sent back says why."""

    sentence = _("Please write in one sentence what is to be different. Nothing was decided.")


def register() -> None:
    """Offer this kind of confirmation."""
    approvals.kinds.register(
        KIND, approvals.ApprovalKind(KIND, _("File for another bureau"), CONFIRM, _digest, _confirmed, _returned)
    )


def _digest(check_id: int) -> str:
    check = CrossCheck.objects.get(pk=check_id)
    people = CrossCheckSubject.objects.filter(check_batch=check, sent=True).order_by("pk").values_list("pk", flat=True)
    text = audit.canonical([check.public_id, check.bureau, check.facts, str(check.due_on), check.letter, list(people)])
    return hashlib.sha256(text.encode()).hexdigest()


def _confirmed(approval: Any, acting_user: User) -> None:
    """From now on the file can be taken; who says no meanwhile is left out of it all the same."""


def _returned(approval: Any, acting_user: User) -> None:
    CrossCheckSubject.objects.filter(check_batch_id=approval.object_id).update(sent=False)
    CrossCheck.objects.filter(pk=approval.object_id).update(sent_on=None, sent_by=None, due_on=None, letter="")


def ask_where_many(check: CrossCheck, numbers: int, acting_user: User) -> None:
    """Put a batch that was just sent before a second person, where it names many. Part of the sending."""
    if numbers > MOST_ALONE:
        approvals.ask(kind=KIND, object_id=check.pk, union_id=check.union_id, acting_user=acting_user)


def check_allowed(check: CrossCheck, numbers: int) -> None:
    """Refuse a file that names many and that nobody has confirmed. Part of the taking."""
    if numbers > MOST_ALONE and not federation.is_confirmed(KIND, check.pk):
        raise SecondPersonFirst(SecondPersonFirst.sentence % {"most": MOST_ALONE})


@transaction.atomic
def answer(*, public_id: str, verdict: str, note: str, acting_user: User) -> CrossCheck:
    """The second person's answer about a batch in his scope; what is sent back takes one sentence."""
    check = CrossCheck.objects.select_for_update(of=("self",)).filter(
        scope_of(acting_user, CONFIRM).unions(), public_id=public_id
    ).first()  # fmt: skip
    waiting = check and federation.open_approval_of(KIND, check.pk)
    if check is None or waiting is None:
        raise NotFoundHere
    if verdict == approvals.Approval.Verdict.RETURNED and not note.strip():
        raise AnswerNeedsWords(field="note")
    approvals.decide(public_id=waiting.public_id, verdict=verdict, note=note.strip(), acting_user=acting_user)
    check.refresh_from_db()
    return check
