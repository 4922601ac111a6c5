from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Officer(models.Model):
    """Somebody's post in a union for a time: what stands under the name on pages and papers."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="officers")
    post = models.CharField(max_length=60)
    telephone = models.CharField(max_length=40, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)


class Grant(models.Model):
    """A role for one user within one scope, until it expires or is revoked."""

    class ScopeKind(models.TextChoices):
        UNION = "union", "工会及下级"
        PROGRAMME = "programme", "工会及下级的一个项目"
        EMPLOYER = "employer", "用人单位"
        PROVIDER = "provider", "服务机构"
        SELF = "self", "本人"
        SYSTEM = "system", "系统"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    scope_kind = models.CharField(max_length=10, choices=ScopeKind.choices)
    union = models.ForeignKey(
        "federation.Union", null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    # A role narrowed to one programme, by its code: programmes lie in a room above this one.
    programme = models.CharField(max_length=60, blank=True, default="")
    # The employer, provider or person of the scope: their rooms lie above this one, so no foreign key.
    scope_id = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    # A deputy holds the role of somebody who is away.
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["user", "scope_kind"])]
        constraints = [
            models.CheckConstraint(
                name="grant_scope_is_whole",
                condition=Q(scope_kind="union", union__isnull=False, scope_id__isnull=True, programme="")
                | Q(Q(scope_kind="programme", union__isnull=False, scope_id__isnull=True), ~Q(programme=""))
                | Q(
                    scope_kind__in=["employer", "provider", "self"],
                    union__isnull=True,
                    scope_id__isnull=False,
                    programme="",
                )
                | Q(scope_kind="system", union__isnull=True, scope_id__isnull=True, programme=""),
            ),
            models.CheckConstraint(name="grant_ends_after_start", condition=Q(expires_at__gt=F("valid_from"))),
            models.CheckConstraint(
                name="grant_not_by_oneself", condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user"))
            ),
            models.CheckConstraint(
                name="grant_not_deputy_of_oneself",
                condition=Q(stands_in_for__isnull=True) | ~Q(stands_in_for=F("user")),
            ),
        ]
