from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class LoginCode(models.Model):
    """One code asked for with one telephone number; only the browser that asked can try it.

    Unknown numbers leave the same row: the two must not be told apart, not even by time.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    phone = SealedTextField()
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tries_left__gte=0, tries_left__lte=5), name="login_code_tries"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="login_code_expires"),
        ]


class SendCount(models.Model):
    """How many codes went to one number (or to all) on one day, and when the last did."""

    key = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    sent = models.PositiveIntegerField()
    last_at = models.DateTimeField(null=True, blank=True)


class PasswordTries(models.Model):
    """Failed passwords for one log-in name since the last success, known or unknown name alike."""

    key = models.CharField(max_length=64, unique=True)
    failed = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(failed__gte=0, failed__lte=5), name="password_tries")]
