from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Voucher(models.Model):
    """An employment voucher: one live one per person, bound once to the employer who takes the holder on."""

    class Ending(models.TextChoices):
        VOID = "void", "作废"
        EXPIRED = "expired", "过期"
        RETURNED = "returned", "交回"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    # Counted up per installation; the printed serial is this number with its check digit.
    number = models.PositiveBigIntegerField(unique=True)
    serial = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey("policy.Programme", on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField()
    expires_on = models.DateField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey("people.Employer", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bound_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True, default="")
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["employer", "bound_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_on__isnull=True), name="voucher_one_live_per_person"
            ),
            models.CheckConstraint(
                condition=Q(employer__isnull=True, bound_on__isnull=True)
                | Q(employer__isnull=False, bound_on__isnull=False),
                name="voucher_bound_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ending="")
                | Q(ended_on__isnull=False, ending__in=["void", "expired", "returned"]),
                name="voucher_ended_whole",
            ),
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="voucher_dates_in_order"),
            models.CheckConstraint(
                condition=Q(bound_on__isnull=True) | Q(bound_on__gte=F("issued_on"), bound_on__lte=F("expires_on")),
                name="voucher_bound_while_valid",
            ),
        ]
