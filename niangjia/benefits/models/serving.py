from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.benefits.models.frozen_list import ListRow
from niangjia.core.ids import new_public_id


class Serving(models.Model):
    """What a row of a list received, recorded by hand: the day and the voucher or transfer number.

    The first serving of a row follows nothing; a later one follows the ending of the one before,
    so the database itself lets at most one stand.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    list_row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="servings")
    follows = models.OneToOneField(
        "benefits.ServingEnd", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    served_on = models.DateField()
    reference = models.CharField(max_length=60)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list_row"], condition=Q(follows__isnull=True), name="serving_one_first_per_row"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="serving_has_reference"),
        ]


class ServingEnd(models.Model):
    """The end of a serving: entered by mistake and taken back the same day, or returned by the bank."""

    class How(models.TextChoices):
        UNDONE = "undone", "撤销"
        RETURNED = "returned", "退回"

    serving = models.OneToOneField(Serving, on_delete=models.PROTECT, related_name="ending")
    how = models.CharField(max_length=10, choices=How.choices)
    reason = models.CharField(max_length=200)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__in=["undone", "returned"]), name="serving_end_how_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="serving_end_says_why"),
        ]


class PastServing(models.Model):
    """What was given in earlier years or by others, taken over from paper: it tells who was never served before."""

    class Aid(models.TextChoices):
        LIVING = "living", "生活救助"
        SCHOOLING = "school", "子女就学救助"
        MEDICAL = "medical", "医疗救助"
        WORK = "work", "就业帮扶"

    class Level(models.TextChoices):
        NATION = "nation", "全国"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TOWN = "town", "乡镇"
        PRIMARY = "primary", "基层"

    programme_slug = models.CharField(max_length=60)
    programme_name = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    household_id = models.BigIntegerField(null=True, blank=True)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    served_on = models.DateField()
    amount_fen = models.BigIntegerField(null=True, blank=True)
    # Which of the four aids it was, at which level, and who gave it: empty where the paper does not say.
    aid = models.CharField(max_length=8, choices=Aid.choices, blank=True, default="")
    level = models.CharField(max_length=8, choices=Level.choices, blank=True, default="")
    giver = models.CharField(max_length=120, blank=True, default="")
    source = models.CharField(max_length=80)
    # The table it came with: with it, and in no other way, it can be taken back.
    roster = models.ForeignKey("people.RosterImport", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["household_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme_slug", "subject_kind", "subject_id", "served_on"], name="past_serving_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="past_serving_amount_not_negative"
            ),
        ]
