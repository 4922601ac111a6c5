from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Union(models.Model):
    """A unit of the federation: a federation, a town's union, an enterprise's union, a community grid."""

    class Kind(models.TextChoices):
        FEDERATION = "federation", "总工会"
        TOWNSHIP = "township_union", "乡镇（街道）工会"
        PRIMARY = "primary_union", "基层工会"
        JOINT = "joint_union", "联合工会"
        GRID = "grid", "社区网格"
        INDUSTRIAL = "industrial_union", "产业工会"

    class Level(models.TextChoices):
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县"
        TOWN = "town", "乡镇"
        PRIMARY = "primary", "基层"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    telephone = models.CharField(max_length=40, blank=True, default="")
    founded_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def stands_on(self, day: date) -> bool:
        """Whether it exists on a day: its end is known up to a year ahead, and until then nothing has changed."""
        return self.ended_on is None or self.ended_on > day


def standing(day: date) -> Q:
    """The condition that a union exists on a day, as `Union.stands_on`."""
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


class UnionEdge(models.Model):
    """For these dates, this union belonged to that one, in one of two hierarchies."""

    class Hierarchy(models.TextChoices):
        PLACE = "place", "地方"
        INDUSTRY = "industry", "产业"

    child = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="children")
    hierarchy = models.CharField(max_length=10, choices=Hierarchy.choices, default=Hierarchy.PLACE)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "hierarchy"], condition=Q(valid_to__isnull=True), name="edge_one_open_parent"
            ),
            models.UniqueConstraint(fields=["child", "hierarchy", "valid_from"], name="edge_one_start"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="edge_dates_in_order"
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="edge_not_to_itself"),
        ]


class UnionClosure(models.Model):
    """Today's tree, flattened: every union under every other, itself included at depth 0.

    Rights use this; figures of an earlier date walk the dated edges instead.
    """

    ancestor = models.ForeignKey(Union, on_delete=models.CASCADE, related_name="below")
    descendant = models.ForeignKey(Union, on_delete=models.CASCADE, related_name="above")
    hierarchy = models.CharField(max_length=10, choices=UnionEdge.Hierarchy.choices)
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant", "hierarchy"], name="closure_once"),
        ]
