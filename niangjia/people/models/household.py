from __future__ import annotations

from django.conf import settings
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
    # The day its last member left it: nobody lives from that purse any more, and no rule counts it.
    closed_on = models.DateField(null=True, blank=True)
    # The day its head was deleted while others stayed: whether one is missing still, the places say.
    head_erased_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            # The list begins with the newest.
            models.Index(fields=["-registered_on", "-id"], name="household_newest_first"),
            # Those of a union that are not closed are counted in the index alone.
            models.Index(fields=["union", "closed_on"], name="household_of_union"),
            models.Index(
                fields=["union"], condition=Q(head_erased_on__isnull=False), name="household_head_was_deleted"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("registered_on")),
                name="household_dates_in_order",
            ),
        ]


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


class HouseholdStep(models.Model):
    """Who left a household and why, who heads it now, which one joined it; told, and the last one undone."""

    class Kind(models.TextChoices):
        LEAVE = "leave", "离开"
        HEAD = "head", "换户主"
        UNITE = "unite", "两户并一户"

    class Reason(models.TextChoices):
        LEFT = "left", "分户"
        DIVORCED = "divorced", "离婚"
        DIED = "died", "去世"
        MOVED = "moved", "迁走"
        MISTAKE = "mistake", "录错"
        MARRIED = "married", "结婚"
        TOGETHER = "together", "并户同住"
        TWICE = "twice", "一家录成两户"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="steps")
    # The household that joined this one and closed with it.
    joined = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True, default="")
    # The place in the household it is about, and every row as it was before and after: ids, relations and days.
    place = models.BigIntegerField()
    kept = models.JSONField(default=dict)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind="head") | ~Q(reason=""), name="step_leaving_says_why"),
            models.CheckConstraint(
                condition=Q(kind="unite", joined__isnull=False) | (~Q(kind="unite") & Q(joined__isnull=True)),
                name="step_names_the_household_that_joined",
            ),
            models.CheckConstraint(condition=~Q(household=F("joined")), name="step_joins_two_households"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="step_undone_whole",
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
