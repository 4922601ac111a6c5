from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id, with_check_digit

# One officer on one day, in rows; what is more takes a second person.
MOST_ROWS_A_DAY = 5_000


class Export(models.Model):
    """A list that left the desk, or waits for a second person to let it: what, by whom, for what, and its digest."""

    class Way(models.TextChoices):
        XLSX = "xlsx", "Excel"
        PAPER = "paper", "纸"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=20, blank=True, default="")
    query = models.CharField(max_length=1000, blank=True, default="")
    columns = models.CharField(max_length=500)
    way = models.CharField(max_length=5, choices=Way.choices)
    purpose = models.CharField(max_length=100)
    rows = models.PositiveIntegerField()
    # Why it needs a second person: over the day's measure, or with values that are sensitive.
    is_over = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    allowed_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="export_says_why"),
            models.CheckConstraint(condition=~Q(columns=""), name="export_names_columns"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, digest="") | (Q(taken_at__isnull=False) & ~Q(digest="")),
                name="export_taken_with_digest",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(is_over=False, is_sensitive=False) | Q(allowed_at__isnull=False),
                name="export_allowed_before_taken",
            ),
        ]

    @property
    def serial(self) -> str:
        """The number printed on every page of it."""
        return with_check_digit(self.pk, "E")


class ExportDay(models.Model):
    """How many rows one officer took on one day without a second person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="export_day_once"),
            models.CheckConstraint(condition=Q(rows__lte=MOST_ROWS_A_DAY), name="export_day_not_over"),
        ]


class SavedList(models.Model):
    """Conditions and order of a list under a name: one's own, or shared with one's unit."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "about", "name"], name="saved_list_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_list_has_name"),
        ]
