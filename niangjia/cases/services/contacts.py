"""首问登记: register whoever stands at the window, hand the matter over, answer it, pass it on."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.cases.models import ContactStep, FirstContact, ProgressTries
from niangjia.cases.permissions import CONTACT
from niangjia.cases.services.assignments import DayIsOver, NotAtThisStep
from niangjia.core import clock, crypto, ids
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.queries import nearest_served, parent_on, union_named
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.people.lookingafter import union_of_known

State, Verb = FirstContact.State, ContactStep.Verb
TRIES_A_DAY = 10
TAIL = 4
KEPT = timedelta(days=2)


class AnswerMissing(Refusal):
    """What was answered is kept."""

    sentence = _("Please write in one sentence what you told the person, and how. Nothing was closed.")


class ReasonMissing(Refusal):
    """Who gets it next reads why."""

    sentence = _("Please write in one sentence why it is passed on. Nothing was passed on.")


class MistakeUntold(Refusal):
    """Who reads the steps asks why."""

    sentence = _("Please write in one sentence why the answer does not hold. Nothing was changed.")


class NoSuchUnion(Refusal):
    """A name that is nobody's, or several unions'."""

    sentence = _("No union has this name, or several have. Nothing was passed on. Write more of the name.")


class NotFoundByNumber(Refusal):
    """Wrong number, wrong digits, unknown number: one sentence for all."""

    sentence = _(
        "Nothing is found with this number and these digits. Please compare them with your slip, "
        "or call the union that gave it to you."
    )


class TriedTooOften(Refusal):
    """More than ten tries with one number on one day."""

    sentence = _("This number was tried 10 times today. Please try tomorrow, or call the union that gave you the slip.")


@transaction.atomic
def register_contact(
    *, union_id: int, name: str, phone: str, came_from: str, question: str, said_union: str, due_on: date,
    request_id: str, acting_user: User,
) -> FirstContact:  # fmt: skip
    """Register somebody, and hand the matter to the union that looks after him; once for one request id.

    What comes back is the same whether he is registered anywhere or not.
    """
    scope = require(acting_user, CONTACT, union_id)
    earlier = FirstContact.objects.filter(request_id=request_id, registered_by=acting_user).first()
    if earlier is not None:
        return earlier
    number = phones.normalise(phone)
    if due_on < clock.today():
        raise DayIsOver(field="due_on")
    try:
        with transaction.atomic():
            contact = FirstContact.objects.create(
                number=ids.with_check_digit(secrets.randbelow(900_000_000) + 100_000_000), union_id=union_id,
                holder_id=_responsible(scope, union_id, name, number, said_union), name=name.strip(), phone=number,
                came_from=came_from.strip(), question=question.strip(), due_on=due_on, request_id=request_id,
                registered_by=acting_user, registered_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NotFoundHere from None  # somebody else's request id is a stranger's
    _step(contact, Verb.REGISTER, acting_user)
    return contact


def _responsible(scope: Scope, union_id: int, name: str, phone: str, said: str) -> int:
    """Who handles it: who looks after a known person; else whom he names; else whoever stands above us.

    An unknown person never stays with the union that asks: it would see in its own queue that nobody knows him,
    and by its absence there that another union does.
    """
    known, named = union_of_known(name=name, phone=phone), union_named(said)
    above = parent_on(union_id, clock.today()) or union_id
    if named is not None and scope.reaches_union(named.pk):
        named = None
    found = known if known is not None else named.pk if named is not None else above
    return nearest_served(found, CONTACT)


@transaction.atomic
def accept(*, public_id: str, acting_user: User) -> FirstContact:
    """Take the matter over."""
    contact = _held(public_id, acting_user)
    _go_on(contact, (State.WAITING,), State.ACCEPTED, accepted_at=clock.now())
    _step(contact, Verb.ACCEPT, acting_user)
    return contact


@transaction.atomic
def answer(*, public_id: str, sentence: str, acting_user: User) -> FirstContact:
    """Close it, with what the person was told."""
    contact = _held(public_id, acting_user)
    if not sentence.strip():
        raise AnswerMissing(field="sentence")
    accepted_at = contact.accepted_at or clock.now()
    _go_on(contact, (State.WAITING, State.ACCEPTED), State.ANSWERED, accepted_at=accepted_at, answered_at=clock.now())
    _step(contact, Verb.ANSWER, acting_user, sentence)
    return contact


@transaction.atomic
def take_answer_back(*, public_id: str, sentence: str, acting_user: User) -> FirstContact:
    """Take back an answer that was noted by mistake: it stays among the steps, and the matter waits again.

    The day that the person was told stays; by his slip he sees that it is not answered.
    """
    contact = _held(public_id, acting_user)
    if not sentence.strip():
        raise MistakeUntold(field="sentence")
    _go_on(contact, (State.ANSWERED,), State.ACCEPTED, answered_at=None)
    _step(contact, Verb.REOPEN, acting_user, sentence)
    return contact


@transaction.atomic
def pass_on(*, public_id: str, to_union: str, sentence: str, acting_user: User) -> FirstContact:
    """Pass it on to the union named, with one sentence; the day that the person was told stays."""
    contact = _held(public_id, acting_user)
    named = union_named(to_union)
    if named is None:
        raise NoSuchUnion(field="to_union")
    if not sentence.strip():
        raise ReasonMissing(field="sentence")
    holder = nearest_served(named.pk, CONTACT)
    _go_on(
        contact, (State.WAITING, State.ACCEPTED), State.WAITING, accepted_at=None, holder_id=holder, escalated_at=None
    )
    contact.holder_id = holder
    _step(contact, Verb.PASS_ON, acting_user, sentence)
    return contact


def escalate_late() -> str:
    """Tell the unions above about first contacts whose day is over. System act, each working day's morning."""
    late = FirstContact.objects.filter(due_on__lt=clock.today(), escalated_at__isnull=True).exclude(state="answered")
    told = 0
    for contact in late.order_by("pk"):
        with transaction.atomic():
            rows = FirstContact.objects.filter(pk=contact.pk, escalated_at__isnull=True).exclude(state="answered")
            if rows.update(escalated_at=clock.now()):
                _step(contact, Verb.ESCALATE, None)
                told += 1
    return f"{told} first contacts told to the union above"


def progress_of(*, number: str, tail: str) -> FirstContact:
    """The matter behind a slip's number and the last digits of the telephone. System act: nobody is logged in."""
    digits = "".join(sign for sign in number if sign.isdigit())[:12]
    # The try is used up before it is looked at, for unknown numbers too.
    if not _use_up_a_try(crypto.keyed_index("progress", digits)):
        raise TriedTooOften(field="number")
    contact = FirstContact.objects.select_related("union").filter(number=digits).first()
    fits = hmac.compare_digest((contact.phone if contact else "0" * TAIL)[-TAIL:].encode(), tail.strip().encode())
    if contact is None or not fits:
        raise NotFoundByNumber(field="number")
    return contact


def _use_up_a_try(key: str) -> bool:
    with transaction.atomic():
        ProgressTries.objects.get_or_create(key=key, day=clock.today())
    rows = ProgressTries.objects.filter(key=key, day=clock.today(), tries__lt=TRIES_A_DAY)
    return bool(rows.update(tries=F("tries") + 1))


def forget_tries() -> str:
    """Remove counts that limit nothing any more. System act, a nightly duty."""
    gone, _rows = ProgressTries.objects.filter(day__lt=clock.today() - KEPT).delete()
    return f"{gone} counts forgotten"


def _held(public_id: str, acting_user: User) -> FirstContact:
    contact = FirstContact.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if contact is None:
        raise NotFoundHere
    require(acting_user, CONTACT, contact.holder_id)
    return contact


def _go_on(contact: FirstContact, allowed: tuple[str, ...], state: str, **fields: Any) -> None:
    # One statement on the old state: of two buttons pressed at once one finds it gone.
    if not FirstContact.objects.filter(pk=contact.pk, state__in=allowed).update(state=state, **fields):
        raise NotAtThisStep


def _step(contact: FirstContact, verb: str, acting_user: User | None, sentence: str = "") -> None:
    ContactStep.objects.create(
        contact=contact, verb=verb, holder_id=contact.holder_id, sentence=sentence.strip()[:300], by=acting_user,
        at=clock.now(),
    )  # fmt: skip
    # Under the union that holds it: the first one's trail must not tell who that is.
    owner = contact.union_id if verb == Verb.REGISTER else contact.holder_id
    audit.record(
        f"cases.contact:{verb}", acting_user=acting_user, object_kind="first_contact", object_id=contact.pk,
        union_id=owner, after={"contact": contact.public_id},
    )  # fmt: skip
