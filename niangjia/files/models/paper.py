from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class PaperCode(models.Model):
    """The random code printed on one form: which form, about whom, printed by whom."""

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    union_id = models.BigIntegerField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]


class PaperPhoto(models.Model):
    """One photograph of a form: filed by its code, or waiting until somebody types the code or lays it aside."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey(PaperCode, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    union_id = models.BigIntegerField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    # Of the form it came with and of its bytes: the same form sent once more brings the same photograph.
    sent_as = models.CharField(max_length=64, blank=True, default="")
    filed_at = models.DateTimeField(null=True, blank=True)
    # By the code that was read, or by hand.
    by_hand = models.BooleanField(default=False)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["handed_in_by", "filed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["handed_in_by", "sent_as"], condition=~Q(sent_as=""), name="paper_photo_once_a_form"
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True) | Q(code__isnull=False), name="paper_photo_filed_under_a_code"
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True) | Q(dropped_at__isnull=True), name="paper_photo_filed_or_dropped"
            ),
        ]
