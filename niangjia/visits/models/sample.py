from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class Sample(models.Model):
    """Files that outsiders check (第三方核查): the list and the source of the seed are fixed before the seed exists."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    seed_source = models.CharField(max_length=120)
    seed_on = models.DateField()
    ends_on = models.DateField()  # the last day on which assessors see it
    rectify_days = models.PositiveIntegerField()
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="sample_not_empty"),
            models.CheckConstraint(condition=~Q(seed_source=""), name="sample_says_whence_the_seed"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("seed_on")), name="sample_ends_after_seed"),
        ]


class Stratum(models.Model):
    """The files of one county or town in a sample, as they were committed, and how many are drawn of them."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="strata")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    files = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    committed = models.TextField()  # the draw of this stratum, as `niangjia draw` reads it
    list_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "union"], name="stratum_once"),
            models.CheckConstraint(condition=Q(places__lte=models.F("files")), name="stratum_not_over"),
        ]


class SampleSeed(models.Model):
    """The seed as its source published it: entered once, it stands."""

    sample = models.OneToOneField(Sample, on_delete=models.PROTECT, related_name="seed")
    value = models.CharField(max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(value=""), name="sample_seed_not_empty")]


class SampleRow(models.Model):
    """A file that was drawn."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="rows")
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="sample_position_once"),
            models.UniqueConstraint(fields=["sample", "household"], name="sample_household_once"),
        ]


class Assessor(models.Model):
    """Somebody from outside who sees a sample and nothing else, until its last day or until he is named no longer."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="assessors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()


class AssessorEnd(models.Model):
    """An assessor is named no longer: who ended it, and when. Named again, he has a row of his own again."""

    assessor = models.OneToOneField(Assessor, on_delete=models.PROTECT, related_name="ending")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()


class Handover(models.Model):
    """A sample in a provider's hands under a contract: its people see it as long as contract, role and sample last."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="handovers")
    contract = models.ForeignKey("providers.Contract", on_delete=models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()


class HandoverEnd(models.Model):
    """A sample was taken from a provider: by whom, and when. Handed over again, it has a row of its own again."""

    handover = models.OneToOneField(Handover, on_delete=models.PROTECT, related_name="ending")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()


class Finding(models.Model):
    """What an assessor found of one drawn file: as in the file, or not and how."""

    row = models.OneToOneField(SampleRow, on_delete=models.PROTECT, related_name="finding")
    agrees = models.BooleanField()
    said = SealedTextField(blank=True, default="")
    found_on = models.DateField()
    rectify_by = models.DateField(null=True, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agrees=True, rectify_by__isnull=True) | Q(agrees=False, rectify_by__isnull=False),
                name="finding_difference_has_a_deadline",
            ),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(said=""), name="finding_difference_is_told"),
        ]


class Rectification(models.Model):
    """What was put right upon a finding, and when."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="rectification")
    done_on = models.DateField()
    said = SealedTextField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
