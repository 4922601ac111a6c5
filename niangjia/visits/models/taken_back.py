from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.visits.models.paper import Paper
from niangjia.visits.models.visit import HomeVisit


class VisitTakenBack(models.Model):
    """A visit that was recorded by mistake: who took it back, when and why. It can be read, and counts nowhere."""

    visit = models.OneToOneField(HomeVisit, on_delete=models.PROTECT, related_name="taken_back")
    reason = models.CharField(max_length=200)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="visit_taken_back_says_why")]


class PaperTakenBack(models.Model):
    """A paper that was handed in by mistake: who took it back, when and why. It is in no list of papers any more."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="taken_back")
    reason = models.CharField(max_length=200)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="paper_taken_back_says_why")]
