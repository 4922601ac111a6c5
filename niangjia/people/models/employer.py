from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Employer(models.Model):
    """A unit that employs; counted by its unified social credit code."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    staff_count = models.PositiveIntegerField(null=True, blank=True)
    # In the high-tech zone or a village workshop of it: asked by the early-return subsidy.
    in_zone = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["union", "name"])]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="employer_has_name")]

    def __str__(self) -> str:
        return self.name


class EmploymentSpell(models.Model):
    """For these dates, this person worked for this employer, as this source says."""

    class Form(models.TextChoices):
        CONTRACT = "contract", "劳动合同"
        PLATFORM = "platform", "平台"
        DISPATCH = "dispatch", "劳务派遣"
        CASUAL = "casual", "零工"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="employments")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.CONTRACT)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    monthly_wage_fen = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employer", "started_on"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "employer", "started_on"], name="employment_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="employment_dates_in_order"
            ),
        ]
