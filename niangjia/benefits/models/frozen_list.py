from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class FrozenList(models.Model):
    """A list as a meeting fixed it (定稿): numbered, with document and paper; it never moves again."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey("policy.Programme", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    # What "once" means for this programme: a year (2026), a month (2026-08), or once for ever.
    period = models.CharField(max_length=10)
    document_number = models.CharField(max_length=60)
    meeting = models.CharField(max_length=120)
    meeting_on = models.DateField()
    attachment = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    # The day whose registry the decisions on the list were made from.
    registry_day = models.DateField()
    total_fen = models.BigIntegerField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    # The request's own key: the button pressed twice freezes once.
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="frozen_list_number_once"),
            models.CheckConstraint(condition=Q(total_fen__gte=0), name="frozen_list_total_not_negative"),
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(meeting=""), name="frozen_list_has_document_and_meeting"
            ),
        ]


class ListCancellation(models.Model):
    """A frozen list that was taken back before anything on it was served; its rows are free again."""

    frozen_list = models.OneToOneField(FrozenList, on_delete=models.PROTECT, related_name="cancellation")
    reason = models.CharField(max_length=200)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="list_cancellation_says_why")]


class ListRow(models.Model):
    """One subject on a frozen list, with the decision and the amount of that day.

    A row is live until it is excluded with a reason; the amount and the decision stay as they were.
    """

    frozen_list = models.ForeignKey(FrozenList, on_delete=models.PROTECT, related_name="rows")
    programme = models.ForeignKey("policy.Programme", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    position = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    household_id = models.BigIntegerField(null=True, blank=True)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    per_key = models.CharField(max_length=80)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    first_time = models.BooleanField(default=False)
    excluded_at = models.DateTimeField(null=True, blank=True)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    exclusion_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["household_id"]),
        ]
        constraints = [
            # Nobody stands on two live lists for one programme and period.
            models.UniqueConstraint(
                fields=["programme", "period", "per_key"],
                condition=Q(excluded_at__isnull=True),
                name="list_row_one_live",
            ),
            # Nor under another edition, which may count per household where this one counts per person.
            models.UniqueConstraint(
                fields=["programme", "period", "subject_kind", "subject_id"],
                condition=Q(excluded_at__isnull=True),
                name="list_row_one_live_subject",
            ),
            models.UniqueConstraint(fields=["frozen_list", "position"], name="list_row_position_once"),
            models.CheckConstraint(condition=~Q(per_key=""), name="list_row_has_per_key"),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="list_row_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_by__isnull=True, exclusion_reason="")
                | (Q(excluded_at__isnull=False, excluded_by__isnull=False) & ~Q(exclusion_reason="")),
                name="list_row_exclusion_whole",
            ),
        ]


class ListConfirmation(models.Model):
    """The deputy chair's approval of a frozen list: the act of the second person, as a row."""

    frozen_list = models.OneToOneField(FrozenList, on_delete=models.PROTECT, related_name="confirmation")
    approval = models.OneToOneField("federation.Approval", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()


class ListReturn(models.Model):
    """A list that the second person sent back, with the one sentence the officer needs."""

    frozen_list = models.ForeignKey(FrozenList, on_delete=models.PROTECT, related_name="returns")
    approval = models.OneToOneField("federation.Approval", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="list_return_says_why")]


class PublicNotice(models.Model):
    """The list on the wall (公示): from when to when, where, and whom to call with an objection."""

    frozen_list = models.OneToOneField(FrozenList, on_delete=models.PROTECT, related_name="notice")
    starts_on = models.DateField()
    ends_on = models.DateField()
    objection_phone = models.CharField(max_length=40)
    place = models.CharField(max_length=120)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="notice_dates_in_order"),
            models.CheckConstraint(condition=~Q(objection_phone=""), name="notice_has_objection_phone"),
        ]


class Release(models.Model):
    """The officer's decision that the workers on a list may now be told how it stands."""

    frozen_list = models.OneToOneField(FrozenList, on_delete=models.PROTECT, related_name="release")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
