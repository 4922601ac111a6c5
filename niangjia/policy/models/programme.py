from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Programme(models.Model):
    """A recipe that one union has taken over as its own; its editions are the versions."""

    class Subject(models.TextChoices):
        PERSON = "person", "个人"
        HOUSEHOLD = "household", "家庭"
        EMPLOYER = "employer", "用人单位"
        UNION = "union", "工会"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(max_length=60)
    # The folder it was copied from.
    recipe = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    owner_union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=10, choices=Subject.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_union", "slug"], name="programme_slug_once_per_union"),
            models.CheckConstraint(condition=~Q(name_zh=""), name="programme_has_name"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class ProgrammeVersion(models.Model):
    """One dated edition of a programme: the text of the rule and the paper it stands on.

    A draft is edited in place while nobody has been asked to confirm it; once published it never
    changes, and decisions name it by its hash.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # What distinguishes this edition for readers, such as 2026年版.
    edition = models.CharField(max_length=30, blank=True, default="")
    # JSON text of {file name: text}.
    bundle = models.TextField()
    bundle_hash = models.CharField(max_length=64)
    document_number = models.CharField(max_length=60, blank=True, default="")
    meeting = models.CharField(max_length=80, blank=True, default="")
    meeting_on = models.DateField(null=True, blank=True)
    attachment = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    budget_fen = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # The people and bodies of this union and all below it are asked about.
    area = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()

    class Meta:
        ordering = ["programme_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="version_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(budget_fen__isnull=True) | Q(budget_fen__gt=0), name="version_budget_positive"
            ),
        ]


class Publication(models.Model):
    """From here on the version counts: confirmed by a second person as being what the paper says."""

    version = models.OneToOneField(ProgrammeVersion, on_delete=models.PROTECT, related_name="publication")
    approval = models.OneToOneField("federation.Approval", on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()


class Withdrawal(models.Model):
    """A published version that was taken back before its last day."""

    version = models.OneToOneField(ProgrammeVersion, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_says_why")]
