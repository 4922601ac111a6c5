from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class OfficerPerson(models.Model):
    """Which file of the register an officer is, as a colleague said; without a person: that he stands in none.

    It opens nothing and lets nobody in: it is only what holds him back from his own matters.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What it rests on: the card that was shown, the personal file.
    source = models.CharField(max_length=200)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()
    # Nobody, where the person was deleted.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="officer_person_once_while_it_stands"
            ),
            models.CheckConstraint(
                condition=Q(said_by__isnull=True) | ~Q(said_by=F("user")), name="officer_person_not_by_himself"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("user")), name="officer_person_not_ended_by_himself"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="officer_person_says_how"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="officer_person_ended_whole",
            ),
        ]
