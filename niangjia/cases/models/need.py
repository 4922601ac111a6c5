from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class Stay(models.Model):
    """蹲点: a day an officer worked beside the people of one site; the diary, and the answer the site got."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=120)
    industry = models.CharField(max_length=20)
    on = models.DateField()
    # Sealed: what people tell over a melon is not for everybody.
    diary = SealedTextField(blank=True, default="")
    stayed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    gifts_by = models.CharField(max_length=10, blank=True, default="")  # majority | individual, once ordered
    told_at = models.DateTimeField(null=True, blank=True)
    told_how = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gifts_by__in=["", "majority", "individual"]), name="stay_gifts_by"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_how="") | Q(told_at__isnull=False) & ~Q(told_how=""),
                name="stay_told_how",
            ),
        ]


class Wish(models.Model):
    """What one person of the site would like, asked beforehand; a number, no name."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="wishes")
    number = models.PositiveSmallIntegerField()
    gift = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stay", "number"], name="wish_once_each"),
            models.CheckConstraint(condition=~Q(gift=""), name="wish_says_what"),
        ]


class GiftLine(models.Model):
    """So many of one gift, as the wishes said."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="gifts")
    gift = models.CharField(max_length=40)
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stay", "gift"], name="gift_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="gift_line_of_something"),
        ]


class Quote(models.Model):
    """What somebody said, without who."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="quotes")
    words = models.CharField(max_length=300)


class Need(models.Model):
    """What the people of a site need: coded, with who sees to it until when, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", "待办"
        UNDER_WAY = "under_way", "正在办"
        MET = "met", "已解决"
        DECLINED = "declined", "暂不能办"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="needs")
    industry = models.CharField(max_length=20)
    code = models.CharField(max_length=30)
    words = SealedTextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # The sentence the site reads.
    outcome = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(state="under_way", settled_at__isnull=True) & ~Q(outcome="")
                | Q(state__in=["met", "declined"], settled_at__isnull=False) & ~Q(outcome=""),
                name="need_state_says_what",
            ),
        ]
