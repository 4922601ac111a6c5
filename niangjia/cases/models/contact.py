from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class FirstContact(models.Model):
    """首问: somebody at the window whose matter another union handles.

    The first union answers for it that it is not lost, and sees state and dates; the holder does it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待接收"
        ACCEPTED = "accepted", "已接收"
        ANSWERED = "answered", "已答复"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    # Random, with a check digit: what stands on the person's slip.
    number = models.CharField(max_length=12, unique=True)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    phone = SealedTextField()
    came_from = SealedTextField(blank=True, default="")
    question = SealedTextField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # When the union above the holder was told that the day is over.
    escalated_at = models.DateTimeField(null=True, blank=True)
    request_id = models.CharField(max_length=40, unique=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["holder", "state"]), models.Index(fields=["union", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", accepted_at__isnull=True, answered_at__isnull=True)
                | Q(state="accepted", accepted_at__isnull=False, answered_at__isnull=True)
                | Q(state="answered", accepted_at__isnull=False, answered_at__isnull=False),
                name="contact_state_has_its_dates",
            ),
        ]


class ContactStep(models.Model):
    """One thing that happened to a first contact: never changed."""

    class Verb(models.TextChoices):
        REGISTER = "register", "登记"
        ACCEPT = "accept", "接收"
        PASS_ON = "pass_on", "转交"
        ANSWER = "answer", "答复"
        REOPEN = "reopen", "撤回答复"
        ESCALATE = "escalate", "报上级"

    contact = models.ForeignKey(FirstContact, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=8, choices=Verb.choices)
    holder = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    sentence = SealedTextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(verb__in=["pass_on", "answer", "reopen"]) | ~Q(sentence=""), name="contact_step_says_what"
            ),
            models.CheckConstraint(condition=Q(verb="escalate") | Q(by__isnull=False), name="contact_step_by_somebody"),
        ]


class ProgressTries(models.Model):
    """How often a slip's number was tried on one day, known or unknown alike."""

    key = models.CharField(max_length=64)
    day = models.DateField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "day"], name="progress_tries_once"),
            models.CheckConstraint(condition=Q(tries__lte=10), name="progress_tries_bounded"),
        ]
