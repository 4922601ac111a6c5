"""已发放: recording by hand what was handed out, and taking such a record back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits import lists
from niangjia.benefits.candidates import open_holds
from niangjia.benefits.models import FrozenList, ListRow, Serving, ServingEnd
from niangjia.benefits.services.notice import ListTakenBack, WrongOrder
from niangjia.benefits.status import day_in_words
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people import queries as people
from niangjia.people.services.own_matters import not_his_own
from niangjia.policy import queries as policy


class NobodyChosen(Refusal):
    """No row was ticked."""

    sentence = _("Nobody was chosen. Tick the rows that were handed out, then record them.")


class ReferenceMissing(Refusal):
    """A record without a paper behind it proves nothing."""

    sentence = _("The number of the voucher or transfer is missing. Please fill it in.")


class DayImpossible(Refusal):
    """Before anything could be handed out, or in the future."""

    sentence = _("Please fill in the day on which it was handed out.")


class AlreadyServed(Refusal):
    """Somebody was faster."""

    sentence = _("Somebody chosen has already been recorded as handed out. Nothing was changed; please look again.")


class OnHold(Refusal):
    """Held back after the list was frozen."""

    sentence = _("Somebody chosen is on hold. Nothing was recorded; lift the hold, or take the tick away.")


class OwnRow(Refusal):
    """Nobody records that his own household was given something."""

    sentence = _(
        "Somebody chosen is of your own household. Nothing was recorded; take the tick away, and let a colleague "
        "record that row."
    )


class NoLongerToday(Refusal):
    """Undoing is for the same day."""

    sentence = _("A record can be undone on the day it was made only. If the money came back, record it as sent back.")


@transaction.atomic
def record_servings(
    *, list_public_id: str, row_ids: Collection[int], served_on: date | None, reference: str, acting_user: User
) -> list[Serving]:
    """Record that chosen rows were handed out: all of them or, with a sentence, none."""
    frozen = lists.live_list(list_public_id)
    require(acting_user, "benefits.list:serve", frozen.union_id, programme=frozen.programme.slug)
    first_day = _first_day(frozen)
    if not row_ids:
        raise NobodyChosen(field="rows")
    if not reference.strip():
        raise ReferenceMissing(field="reference")
    if served_on is None:
        raise DayImpossible(field="served_on")
    if not first_day <= served_on <= clock.today():
        raise DayImpossible(
            format_lazy(
                _("Nothing could be handed out before {day}; the day lies between that and today. Please look again."),
                day=day_in_words(first_day),
            ),
            field="served_on",
        )
    rows = list(
        ListRow.objects.filter(frozen_list=frozen, pk__in=row_ids, excluded_at__isnull=True).prefetch_related(
            "servings__ending"
        )
    )
    if len(rows) != len(set(row_ids)):
        raise NotFoundHere
    _not_his_own(rows, acting_user)
    holds = open_holds(frozen.version_id)
    if any((row.subject_kind, row.subject_id) in holds for row in rows):
        raise OnHold(field="rows")
    return [_record(row, served_on, reference.strip()[:60], acting_user) for row in rows]


def _not_his_own(rows: Collection[ListRow], acting_user: User) -> None:
    own = people.own_files(acting_user)
    if any(own.has(row.subject_kind, row.subject_id) or own.has("household", row.household_id or 0) for row in rows):
        raise OwnRow(field="rows")


def _first_day(frozen: FrozenList) -> date:
    """The first day on which the list could be handed out: approved, and its notice over."""
    if hasattr(frozen, "cancellation"):
        raise ListTakenBack
    if not hasattr(frozen, "confirmation"):
        raise WrongOrder(_("This list is not approved yet. Nothing was recorded."))
    approved_on = frozen.confirmation.confirmed_at.astimezone(clock.LOCAL).date()
    notice = getattr(frozen, "notice", None)
    if notice is None and not policy.cards_of([frozen.version_id])[frozen.version_id].notice_days:
        return approved_on
    if notice is None:
        raise WrongOrder(_("This list has not been on public notice yet. Nothing was recorded."))
    if clock.today() <= notice.ends_on:
        raise WrongOrder(
            format_lazy(
                _("The public notice runs until {day}; nothing can be handed out before that. Nothing was recorded."),
                day=day_in_words(notice.ends_on),
            )
        )
    return max(approved_on, notice.ends_on + timedelta(days=1))


def _record(row: ListRow, served_on: date, reference: str, acting_user: User) -> Serving:
    servings = sorted(row.servings.all(), key=lambda serving: serving.pk)
    if servings and not hasattr(servings[-1], "ending"):
        raise AlreadyServed(field="rows")
    try:
        with transaction.atomic():
            serving = Serving.objects.create(
                list_row=row, follows=servings[-1].ending if servings else None, served_on=served_on,
                reference=reference, amount_fen=row.amount_fen, recorded_by=acting_user, recorded_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyServed(field="rows") from None
    audit.record(
        "benefits.serving:record", acting_user=acting_user, object_kind=row.subject_kind, object_id=row.subject_id,
        union_id=row.union_id,
        after={"serving": serving.public_id, "on": served_on, "reference": reference, "amount_fen": row.amount_fen},
    )  # fmt: skip
    return serving


@transaction.atomic
def end_serving(*, public_id: str, how: str, reason: str, acting_user: User) -> ServingEnd:
    """End a record: undone on the day it was made, or sent back by the bank later; it is not deleted."""
    serving = Serving.objects.filter(public_id=public_id).select_related("list_row__frozen_list").first()
    if serving is None:
        raise NotFoundHere
    row = serving.list_row
    require(acting_user, "benefits.list:serve", row.frozen_list.union_id, programme=row.frozen_list.programme.slug)
    not_his_own(acting_user, row.subject_kind, row.subject_id)
    how = ServingEnd.How(how)
    same_day = serving.recorded_at.astimezone(clock.LOCAL).date() == clock.today()
    if how == ServingEnd.How.UNDONE and not same_day:
        raise NoLongerToday
    text = reason.strip() or ("" if how == ServingEnd.How.RETURNED else "录入有误")
    if not text:
        raise ReferenceMissing(_("Why did it come back? Please write it in one sentence."), field="reason")
    try:
        with transaction.atomic():
            ending = ServingEnd.objects.create(
                serving=serving, how=how, reason=text[:200], ended_by=acting_user, ended_at=clock.now()
            )
    except IntegrityError:
        raise AlreadyServed(_("This record has already been taken back. Nothing was changed.")) from None
    audit.record(
        "benefits.serving:end", acting_user=acting_user, object_kind=row.subject_kind, object_id=row.subject_id,
        union_id=row.union_id, before={"serving": public_id}, after={"how": str(how)}, reason=text,
    )  # fmt: skip
    return ending
