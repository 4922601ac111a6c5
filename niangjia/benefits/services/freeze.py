"""定稿: freezing a list with its document, meeting and paper; taking it back; taking one row off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits.candidates import Candidate, candidates
from niangjia.benefits.models import FrozenList, ListCancellation, ListPlaces, ListRow, Serving
from niangjia.benefits.periods import period_of
from niangjia.benefits.places import PLACED, Places, places_now
from niangjia.benefits.quotas import quotas_now
from niangjia.benefits.services.answers import set_answer_day
from niangjia.benefits.services.caps import give_back, hold_under_caps
from niangjia.benefits.services.holds import place_hold
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.money import yuan
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.people.services.own_matters import not_his_own
from niangjia.policy import queries as policy


class NobodyToFreeze(Refusal):
    """An empty list is not a list."""

    sentence = _("Nobody meets the rule and waits: there is nothing to freeze. Nothing was changed.")


class PaperMissing(Refusal):
    """A list is valid by its document, its meeting and its scanned paper."""


class ChangedWhileReading(Refusal):
    """What was confirmed is not what stands there now."""

    sentence = _(
        "The list changed while you were reading it. Nothing was frozen; "
        "please look at the new figures and confirm again."
    )


class OverBudget(Refusal):
    """More than the union set aside."""


class DrawFirst(Refusal):
    """Equals want the last places."""

    sentence = _(
        "Equals want the last places, so lots decide first: fix the list, publish its hash, and enter the seed on "
        "its day. Nothing was frozen."
    )


class OnAnotherList(Refusal):
    """Somebody is already on a live list of this programme and period."""

    sentence = _(
        "Somebody on this list has just been put on another one. Nothing was frozen; please look at the list again."
    )


class NotCancellable(Refusal):
    """Something was handed out already."""

    sentence = _("Something on this list has been handed out already, so the list stays. Take single rows off instead.")


class ReasonMissing(Refusal):
    """Taking back needs a reason."""

    sentence = _("Please write the reason in one sentence. Nothing was changed.")


@dataclass(frozen=True)
class FreezePlan:
    """What freezing would do now: to how many, for how much, against which budget."""

    card: policy.VersionCard
    rows: tuple[Candidate, ...]
    held: int
    total_fen: int
    committed_fen: int
    places: Places | None = None

    @property
    def seen(self) -> str:
        """What the officer saw; sent back with the confirmation and compared."""
        last = max((row.decision_id for row in self.rows), default=0)
        return f"{len(self.rows)}-{self.total_fen}-{last}"

    @property
    def left_fen(self) -> int | None:
        """What the budget would still hold after freezing; None without a budget."""
        budget = self.card.budget_fen
        return None if budget is None else budget - self.committed_fen - self.total_fen

    @property
    def households(self) -> int:
        """Households on the list; a row without one is no household."""
        return len({row.household_id for row in self.rows if row.household_id})


def plan_freeze(scope: Scope, version_public_id: str) -> FreezePlan:
    """What freezing would do now; read only."""
    card = policy.version_card(scope, version_public_id)
    scope = scope.of_programme(card.programme_slug)
    found, places = candidates(scope, card), places_now(card)
    rows = tuple(row for row in found if row.can_be_frozen)
    if places is not None:
        placed = (row for row in rows if places.of(row.subject_kind, row.subject_id).code == PLACED)
        rows = tuple(sorted(placed, key=places.order))
    return FreezePlan(
        card=card, rows=rows, held=sum(row.held for row in found), total_fen=sum(row.amount_fen or 0 for row in rows),
        committed_fen=committed_fen(card.id), places=places,
    )  # fmt: skip


def committed_fen(version_id: int) -> int:
    """The sum of all live rows of all lists of a version, in fen."""
    rows = ListRow.objects.filter(frozen_list__version_id=version_id, excluded_at__isnull=True)
    return rows.aggregate(sum=Sum("amount_fen"))["sum"] or 0


@transaction.atomic
def freeze_list(
    *,
    version_public_id: str,
    document_number: str,
    meeting: str,
    meeting_on: date | None,
    attachment: UploadedFile | None,
    seen: str,
    request_id: str,
    answer_by: date | None = None,
    acting_user: User,
) -> FrozenList:
    """Freeze everybody who meets the rule, is not on hold and on no other list; sent twice it is one list.

    With `answer_by` the union promises a day by which those on it are answered.
    """
    scope = require(acting_user, "benefits.list:freeze")
    card = policy.version_card(scope, version_public_id)
    require(acting_user, "benefits.list:freeze", card.owner_union_id, programme=card.programme_slug)
    # No constraint sees that one edition counts households or years and another persons or months:
    # whoever freezes second must find the rows of the first.
    policy.lock_programme(card.programme_id)
    existing = FrozenList.objects.filter(request_id=request_id, frozen_by=acting_user).first()
    if existing:
        return existing
    paper = _whole_paper(document_number, meeting, meeting_on, attachment)
    number = (FrozenList.objects.filter(version_id=card.id).aggregate(top=Max("number"))["top"] or 0) + 1
    stored = store_upload(
        upload=paper.attachment, purpose="benefits.list", object_kind="frozen_list", union_id=card.owner_union_id,
        acting_user=acting_user,
    )  # fmt: skip
    plan = plan_freeze(scope, version_public_id)
    _check(plan, seen)
    try:
        with transaction.atomic():
            frozen = FrozenList.objects.create(
                version_id=card.id, programme_id=card.programme_id, number=number, union_id=card.owner_union_id,
                period=period_of(card, clock.today()), document_number=paper.document_number, meeting=paper.meeting,
                meeting_on=paper.meeting_on, attachment=stored, registry_day=clock.today(), total_fen=plan.total_fen,
                frozen_by=acting_user, frozen_at=clock.now(), request_id=request_id,
            )  # fmt: skip
            rows = ListRow.objects.bulk_create(_rows(frozen, plan.rows), batch_size=500)
            hold_under_caps(rows=rows, card=card)
            _keep_places(frozen)
    except IntegrityError:
        # The number or somebody's place was taken in the same moment: whoever was first stands.
        raise OnAnotherList from None
    if answer_by is not None:
        set_answer_day(version_public_id=version_public_id, day=answer_by, acting_user=acting_user)
    audit.record(
        "benefits.list:freeze", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id,
        after={"version": card.public_id, "number": number, "document": frozen.document_number, "rows": len(plan.rows),
               "total_fen": plan.total_fen, "attachment": stored.digest},
    )  # fmt: skip
    return frozen


def _keep_places(frozen: FrozenList) -> None:
    # Read again with the rows written: the file shows who holds a place now, and who waits behind them.
    card = policy.cards_of([frozen.version_id])[frozen.version_id]
    places, quotas = places_now(card), quotas_now(card)
    if places is not None:
        ListPlaces.objects.create(frozen_list=frozen, draw=places.draw, file=places.file())
    if quotas is not None:
        ListPlaces.objects.create(frozen_list=frozen, file=quotas.file())


@dataclass(frozen=True)
class _Paper:
    document_number: str
    meeting: str
    meeting_on: date
    attachment: UploadedFile


def _whole_paper(
    document_number: str, meeting: str, meeting_on: date | None, attachment: UploadedFile | None
) -> _Paper:
    if not document_number.strip():
        raise PaperMissing(
            _("The document number is missing. A list is valid by its document."), field="document_number"
        )
    if not meeting.strip():
        raise PaperMissing(_("Which meeting fixed the list? Please fill it in."), field="meeting")
    if meeting_on is None:
        raise PaperMissing(_("On which day was the meeting? Please give it as 2026-08-03."), field="meeting_on")
    if meeting_on > clock.today():
        raise PaperMissing(
            _("The day of the meeting lies in the future. Freeze the list after the meeting."), field="meeting_on"
        )
    if attachment is None:
        raise PaperMissing(
            _("The scan of the minutes or the document is missing. Please attach it."), field="attachment"
        )
    return _Paper(document_number.strip(), meeting.strip(), meeting_on, attachment)


def _check(plan: FreezePlan, seen: str) -> None:
    if plan.places is not None and plan.places.found.drawn:
        raise DrawFirst
    if not plan.rows:
        raise NobodyToFreeze
    if seen != plan.seen:
        raise ChangedWhileReading
    if plan.left_fen is not None and plan.left_fen < 0:
        raise OverBudget(
            format_lazy(
                _(
                    "This list needs {needed} yuan, but only {left} yuan of the budget of {budget} yuan are left. "
                    "Nothing was frozen. Hold some back, or change the budget by a new document."
                ),
                needed=yuan(plan.total_fen),
                left=yuan(plan.left_fen + plan.total_fen),
                budget=yuan(plan.card.budget_fen or 0),
            )
        )


def _rows(frozen: FrozenList, rows: tuple[Candidate, ...]) -> list[ListRow]:
    return [
        ListRow(
            frozen_list=frozen, programme_id=frozen.programme_id, period=frozen.period, position=position,
            subject_kind=row.subject_kind, subject_id=row.subject_id, union_id=row.union_id,
            household_id=row.household_id, decision_id=row.decision_id, per_key=row.per_key,
            amount_fen=row.amount_fen, first_time=row.first_time,
        )
        for position, row in enumerate(rows, start=1)
    ]  # fmt: skip


@transaction.atomic
def cancel_list(*, public_id: str, reason: str, acting_user: User) -> None:
    """Take a frozen list back before anything on it was handed out; its people are free for the next one."""
    frozen = FrozenList.objects.select_for_update().filter(public_id=public_id).first()
    if frozen is None:
        raise NotFoundHere
    require(acting_user, "benefits.list:freeze", frozen.union_id, programme=frozen.programme.slug)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if Serving.objects.filter(list_row__frozen_list=frozen).exists():
        raise NotCancellable
    ListCancellation.objects.create(
        frozen_list=frozen, reason=reason.strip()[:200], cancelled_by=acting_user, cancelled_at=clock.now()
    )
    live = ListRow.objects.filter(frozen_list=frozen, excluded_at__isnull=True)
    rows = list(live.select_for_update().select_related("frozen_list"))
    live.update(excluded_at=clock.now(), excluded_by=acting_user, exclusion_reason=reason.strip()[:200])
    give_back(rows=rows)
    audit.record(
        "benefits.list:cancel", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id, reason=reason,
    )  # fmt: skip


@transaction.atomic
def exclude_row(*, list_public_id: str, row_id: int, reason: str, declined: bool = False, acting_user: User) -> None:
    """Take one row off a frozen list, with a reason; the row stays visible as taken off.

    Who declined waits on hold besides, so that the place goes to the next and not to him again.
    """
    row = (
        ListRow.objects.select_for_update().filter(pk=row_id, frozen_list__public_id=list_public_id)
        .select_related("frozen_list").first()
    )  # fmt: skip
    if row is None:
        raise NotFoundHere
    require(acting_user, "benefits.list:freeze", row.frozen_list.union_id, programme=row.frozen_list.programme.slug)
    not_his_own(acting_user, row.subject_kind, row.subject_id)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if Serving.objects.filter(list_row=row, ending__isnull=True).exists():
        raise NotCancellable(
            _("This row has been handed out already. Take that record back first. Nothing was changed.")
        )
    changed = ListRow.objects.filter(pk=row.pk, excluded_at__isnull=True).update(
        excluded_at=clock.now(), excluded_by=acting_user, exclusion_reason=reason.strip()[:200]
    )
    if changed:
        give_back(rows=[row])
        audit.record(
            "benefits.row:exclude", acting_user=acting_user, object_kind=row.subject_kind, object_id=row.subject_id,
            union_id=row.union_id, before={"list": list_public_id}, reason=reason,
        )  # fmt: skip
    if changed and declined:
        place_hold(
            version_public_id=policy.cards_of([row.frozen_list.version_id])[row.frozen_list.version_id].public_id,
            subject_kind=row.subject_kind, subject_id=row.subject_id, reason=reason, acting_user=acting_user,
        )  # fmt: skip
