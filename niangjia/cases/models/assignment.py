from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class Assignment(models.Model):
    """A task a union handed down: what is asked of which unions below it, until when."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    request = models.TextField(blank=True, default="")
    # The kind of roster to return; empty asks for an answer in words.
    roster_kind = models.CharField(max_length=30, blank=True, default="")
    nil_allowed = models.BooleanField(default=False)
    due_on = models.DateField()
    attachment = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Handed on from what was asked of this union itself.
    part_of = models.ForeignKey(
        "cases.DueReturn", null=True, blank=True, on_delete=models.PROTECT, related_name="handed_on"
    )
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated_by")
    request_id = models.CharField(max_length=40, unique=True)
    handed_down_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_down_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["union", "-id"])]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="assignment_has_title"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="assignment_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DueReturn(models.Model):
    """What one union owes of a task: not yet returned, returned, or sent back with a sentence."""

    class State(models.TextChoices):
        DUE = "due", "未报"
        RETURNED = "returned", "已报"
        SENT_BACK = "sent_back", "退回"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="returns")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    # The task's day, or the later one that was given when the answer was sent back.
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    answered = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["union", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "union"], name="due_return_once"),
            models.CheckConstraint(
                condition=Q(state="due", answered=0) | Q(state__in=["returned", "sent_back"], answered__gt=0),
                name="due_return_state_fits",
            ),
        ]


class ReturnAnswer(models.Model):
    """What a union returned: never changed; after it was sent back the next one stands beside it."""

    class Kind(models.TextChoices):
        WORDS = "words", "文字"
        ROSTER = "roster", "名册"
        NIL = "nil", "零报告"

    due_return = models.ForeignKey(DueReturn, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    # Sealed: who it is about may stand in it.
    words = SealedTextField(blank=True, default="")
    roster = models.ForeignKey("people.RosterImport", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    # 代录: entered by the union above, for a union that told it otherwise.
    on_behalf = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["due_return", "number"], name="return_answer_once"),
            models.CheckConstraint(
                condition=Q(kind="roster", roster__isnull=False)
                | Q(kind="words", roster__isnull=True) & ~Q(words="")
                | Q(kind="nil", roster__isnull=True),
                name="return_answer_is_whole",
            ),
        ]


class ReturnSentBack(models.Model):
    """Why an answer was sent back, and until when the next is due: never changed."""

    answer = models.OneToOneField(ReturnAnswer, on_delete=models.PROTECT, related_name="sent_back")
    sentence = models.CharField(max_length=200)
    due_on = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(sentence=""), name="sent_back_says_why")]
