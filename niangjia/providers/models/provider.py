from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from niangjia.core.ids import new_public_id


class Provider(models.Model):
    """A body from outside that works for the union; each union that registers it has a row of its own."""

    class Kind(models.TextChoices):
        LAW = "law", "律师事务所"
        SCHOOL = "school", "学校"
        CLINIC = "clinic", "医疗机构"
        INSURER = "insurer", "保险公司"
        SOCIAL = "social", "社会组织"
        OTHER = "other", "其他"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Unions beside each other do not learn who works for the other, and each concludes its own contracts.
            models.UniqueConstraint(fields=["union", "credit_code"], name="provider_code_once_per_union"),
            models.CheckConstraint(condition=~Q(name=""), name="provider_has_name"),
            models.CheckConstraint(condition=Exact(Length("credit_code"), 18), name="provider_code_is_whole"),
            models.CheckConstraint(
                condition=Q(kind__in=["law", "school", "clinic", "insurer", "social", "other"]),
                name="provider_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """What a union concluded with a provider, from its first to its last day; it stands as it was concluded."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="contracts")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    document_number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "document_number"], name="contract_number_once"),
            models.CheckConstraint(condition=~Q(document_number=""), name="contract_has_number"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="contract_dates_in_order"),
        ]


class ContractEnd(models.Model):
    """A contract ended before its last day: by whom, when and why."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="ending")
    reason = models.CharField(max_length=200)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="contract_end_has_reason")]
