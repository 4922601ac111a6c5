from __future__ import annotations

from django.db import models
from django.db.models import Q


class Received(models.Model):
    """How much and how often a holder was given one kind of thing in one period: what caps are held against.

    A holder is a subject, a household, a payee, or one of the first two with a payee (`household:7/payee:employer:3`).
    The row is raised in the transaction that freezes a list, under a cap by an UPDATE that only succeeds below
    it, and lowered when a row leaves its list; it can be counted again from the lists at any time.
    """

    kind = models.CharField(max_length=10)
    holder = models.CharField(max_length=80)
    period = models.CharField(max_length=10)
    fen = models.BigIntegerField(default=0)
    times = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "holder", "period"], name="received_once_per_holder"),
            models.CheckConstraint(condition=Q(fen__gte=0, times__gte=0), name="received_not_negative"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(holder="") & ~Q(period=""), name="received_says_whose"),
        ]
