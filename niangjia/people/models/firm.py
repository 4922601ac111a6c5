from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.fields import SealedTextField


class EmployerSize(models.Model):
    """What a size class was computed from, on a day: rows are added, never changed."""

    employer = models.ForeignKey("people.Employer", on_delete=models.PROTECT, related_name="sizes")
    true_on = models.DateField()
    industry = models.CharField(max_length=20)
    staff = models.PositiveIntegerField(null=True, blank=True)
    revenue_fen = models.BigIntegerField(null=True, blank=True)
    assets_fen = models.BigIntegerField(null=True, blank=True)
    size_class = models.CharField(max_length=6)
    edition = models.CharField(max_length=80)  # the official text that it follows
    source = models.CharField(max_length=80)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employer", "true_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(size_class__in=["large", "medium", "small", "micro"]), name="employer_size_known"
            ),
            models.CheckConstraint(
                condition=(Q(revenue_fen__isnull=True) | Q(revenue_fen__gte=0))
                & (Q(assets_fen__isnull=True) | Q(assets_fen__gte=0)),
                name="employer_size_not_negative",
            ),
        ]


class EmployerRegistration(models.Model):
    """Who stands behind a firm, as its licence says: sealed, with keys by which two firms are held together."""

    employer = models.OneToOneField("people.Employer", on_delete=models.PROTECT, related_name="registration")
    representative = SealedTextField(blank=True, default="")
    representative_key = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone = SealedTextField(blank=True, default="")
    phone_key = models.CharField(max_length=64, blank=True, default="", db_index=True)
    address = SealedTextField(blank=True, default="")
    address_key = models.CharField(max_length=64, blank=True, default="", db_index=True)
    source = models.CharField(max_length=80)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()


class EmployerPair(models.Model):
    """What a person decided about two firms that look alike: related, or not. They are never merged for it."""

    first = models.ForeignKey("people.Employer", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("people.Employer", on_delete=models.PROTECT, related_name="+")
    is_related = models.BooleanField()
    grounds = models.JSONField(default=list)  # representative, phone, address: what they share
    note = models.CharField(max_length=200, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="employer_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="employer_pair_in_order"),
        ]
