from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class Household(models.Model):
    """People who live from one purse; the file of a household in difficulty hangs on it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    address = SealedTextField(blank=True, default="")
    registered_on = models.DateField()

    class Meta:
        # The list begins with the newest.
        indexes = [models.Index(fields=["-registered_on", "-id"], name="household_newest_first")]


class HouseholdMember(models.Model):
    """For these dates, this person belonged to this household, as this to its head."""

    class Relation(models.TextChoices):
        HEAD = "head", "户主"
        SPOUSE = "spouse", "配偶"
        CHILD = "child", "子女"
        PARENT = "parent", "父母"
        OTHER = "other", "其他"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="households")
    relation = models.CharField(max_length=8, choices=Relation.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to__isnull=True), name="household_one_open_per_person"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(valid_to__isnull=True, relation="head"), name="household_one_head"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="member_dates_in_order"
            ),
        ]


class HardshipFile(models.Model):
    """A household's file of difficulty (建档): grade, cause, entry, review, exit after a fresh check."""

    class Grade(models.TextChoices):
        DEEP = "deep", "深度困难"
        RELATIVE = "relative", "相对困难"
        SUDDEN = "sudden", "意外致困"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="hardship_files")
    grade = models.CharField(max_length=8, choices=Grade.choices)
    cause = SealedTextField()
    entered_on = models.DateField()
    review_due_on = models.DateField()
    exited_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(exited_on__isnull=True), name="hardship_one_open_file"
            ),
            models.CheckConstraint(
                condition=Q(exited_on__isnull=True) | Q(exited_on__gte=F("entered_on")), name="hardship_dates_in_order"
            ),
        ]
