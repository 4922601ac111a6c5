"""A batch that no bureau answers is closed by somebody who says why; when the answer comes after all, it is reopened.

While it is closed its people can be asked again, so a table is not taken in for it: two batches would answer for one
person. Whoever hands one in is told to reopen it first, which is one press while nobody of it has been asked again;
afterwards the table belongs to the newer batch.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.people.bureaux import batches
from niangjia.people.models import CrossCheck, Person

SEND = "people.check:send"
MOST_NAMED = 10


class ClosingNeedsWhy(Refusal):
    """Who reads it next year asks why."""

    sentence = _("Please write in one sentence why no answer is waited for any more. Nothing was changed.")


class NothingToClose(Refusal):
    """Not sent, or answered meanwhile."""

    sentence = _(
        "Only a batch that is with the bureau and has no answer can be closed without one. Nothing was changed; here "
        "is how it stands now."
    )


class NotClosed(Refusal):
    """Somebody was faster."""

    sentence = _("This batch is not closed. Nothing was changed; here is how it stands now.")


class ClosedWithoutAnswer(Refusal):
    """Its people may have been asked again since."""

    sentence = _(
        "This batch was closed without an answer. If the answer has come after all, reopen the batch on its page "
        "first, then hand the table in. Nothing was entered, and no number has left."
    )


class AskedAgain(Refusal):
    """One person, one open question to a bureau."""

    sentence = _(
        "Nothing was reopened: the same is asked of this bureau in a newer batch about %(names)s. Hand the answer in "
        "with the newer batch, or lay that one aside first while it is a draft."
    )


@transaction.atomic
def close_check(*, public_id: str, why: str, acting_user: User) -> CrossCheck:
    """Close a sent batch without an answer: nobody waits for it, and its people can be asked again."""
    check = _locked(public_id, acting_user)
    if not why.strip():
        raise ClosingNeedsWhy(field="why")
    if not batches.is_unanswered(check):
        raise NothingToClose
    check.closed_at, check.closed_by, check.closed_why = clock.now(), acting_user, why.strip()[:200]
    check.save(update_fields=["closed_at", "closed_by", "closed_why"])
    _tell("close", check, acting_user, check.closed_why)
    return check


@transaction.atomic
def reopen_check(*, public_id: str, acting_user: User) -> CrossCheck:
    """Wait for the answer again, as if it had never been closed; not while somebody of it is asked about again."""
    check = _locked(public_id, acting_user)
    if check.closed_at is None:
        raise NotClosed
    named = batches.subjects_here(check).filter(sent=True).values_list("person_id", flat=True)
    again = batches.asked_already(check.bureau, check.facts, list(named))
    if again:
        names = Person.objects.filter(pk__in=again).order_by("pk").values_list("name", flat=True)[:MOST_NAMED]
        raise AskedAgain(AskedAgain.sentence % {"names": "、".join(names)})
    why, check.closed_at, check.closed_by, check.closed_why = check.closed_why, None, None, ""
    check.save(update_fields=["closed_at", "closed_by", "closed_why"])
    _tell("reopen", check, acting_user, why)
    return check


def refuse_closed(check: CrossCheck) -> None:
    """Refuse what nobody waits for any more. Part of handing an answer in, and of taking the file."""
    if check.closed_at is not None:
        raise ClosedWithoutAnswer


def _locked(public_id: str, acting_user: User) -> CrossCheck:
    mine = CrossCheck.objects.filter(scope_of(acting_user, SEND).unions(), public_id=public_id)
    check = mine.select_for_update(of=("self",)).first()
    if check is None:
        raise NotFoundHere
    return check


def _tell(verb: str, check: CrossCheck, acting_user: User, why: str) -> None:
    audit.record(
        f"people.check:{verb}", acting_user=acting_user, object_kind="cross_check", object_id=check.pk,
        union_id=check.union_id, after={"check": check.public_id}, reason=why,
    )  # fmt: skip
