from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.benefits.models.frozen_list import FrozenList
from niangjia.core.ids import new_public_id


class Draw(models.Model):
    """A list that is fixed for a draw of lots, its hash shown, before the seed exists; it never changes.

    `committed` is the text whose hash is published: pseudonyms with group, rank and tie-break, the number
    of places, and where and when others publish the seed.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    committed = models.TextField()
    list_hash = models.CharField(max_length=64)
    seed_source = models.CharField(max_length=120)
    seed_on = models.DateField()
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "period", "number"], name="draw_number_once"),
            models.CheckConstraint(condition=~Q(seed_source=""), name="draw_says_whence_the_seed"),
        ]


class DrawSeed(models.Model):
    """The seed as its source published it: entered once, it stands."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="seed")
    value = models.CharField(max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(value=""), name="draw_seed_not_empty")]


class ListPlaces(models.Model):
    """Who had a place, who waited in which order and who stood apart when a list was frozen, as a file to check."""

    frozen_list = models.OneToOneField(FrozenList, on_delete=models.PROTECT, related_name="places")
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.TextField()
