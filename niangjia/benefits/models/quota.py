from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class QuotaReallotment(models.Model):
    """Places that were given back, given out again by the same rule; `moved` keeps who got how many, and stands."""

    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    moved = models.TextField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "period", "number"], name="quota_reallotment_number_once"),
        ]


class QuotaReturn(models.Model):
    """Places of a union or an employer that it does not use, given back with a reason; undone until given out again."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    places = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    reallotment = models.ForeignKey(
        QuotaReallotment, null=True, blank=True, on_delete=models.PROTECT, related_name="returns"
    )
    # The request's own key: the button pressed twice gives back once.
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="quota_return_of_places"),
            models.CheckConstraint(condition=~Q(reason=""), name="quota_return_says_why"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False, reallotment__isnull=True),
                name="quota_return_undone_or_given_out",
            ),
        ]
