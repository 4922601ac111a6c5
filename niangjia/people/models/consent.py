from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class Mandate(models.Model):
    """家人代办: one member of the family acts for another, who said so, until either takes it back."""

    class Way(models.TextChoices):
        OWN_PAGE = "own", "本人页面"
        PAPER = "paper", "纸质"
        WINDOW = "window", "窗口"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="mandates")
    deputy = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="deputy_mandates")
    union_id = models.BigIntegerField()
    way = models.CharField(max_length=8, choices=Way.choices)
    paper = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "deputy"], condition=Q(ended_at__isnull=True), name="mandate_one_open"
            ),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="mandate_not_to_oneself"),
            models.CheckConstraint(condition=~Q(way="paper") | Q(paper__isnull=False), name="mandate_paper_is_there"),
        ]


class Consent(models.Model):
    """One answer to one purpose: given or withdrawn, to which text, by whom and how. Added, never changed."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    union_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    # Which text of the purpose was read: a new meaning asks again.
    version = models.PositiveSmallIntegerField()
    given = models.BooleanField()
    way = models.CharField(max_length=8, choices=Mandate.Way.choices)
    paper = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Set where a member of the family answered for the person.
    mandate = models.ForeignKey(Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="consents")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "person", "id"])]
        constraints = [
            models.CheckConstraint(condition=~Q(way="paper") | Q(paper__isnull=False), name="consent_paper_is_there"),
            models.CheckConstraint(condition=Q(version__gte=1), name="consent_names_a_text"),
        ]


class OwnRequest(models.Model):
    """What a person asks about what is kept of him: to put it right, or to delete it; with a day to answer by."""

    class Kind(models.TextChoices):
        CORRECT = "correct", "更正"
        ERASE = "erase", "删除"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="own_requests")
    union_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Which entry is wrong, and what should stand there; both empty for a deletion.
    what = models.CharField(max_length=40, blank=True, default="")
    wanted = SealedTextField(blank=True, default="")
    says = SealedTextField(blank=True, default="")
    evidence = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    # Empty while it is open: one open request about one entry.
    answered_at = models.DateTimeField(null=True, blank=True)
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [models.Index(fields=["union_id", "answered_at", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "what"], condition=Q(answered_at__isnull=True), name="own_request_one_open"
            ),
            models.CheckConstraint(condition=~Q(kind="correct") | ~Q(what=""), name="own_request_says_what"),
        ]


class OwnAnswer(models.Model):
    """The officer's answer, in one sentence the person reads."""

    class Verdict(models.TextChoices):
        DONE = "done", "已办"
        PARTLY = "partly", "办了一部分"
        RETURNED = "returned", "没有办"

    request = models.OneToOneField(OwnRequest, on_delete=models.PROTECT, related_name="answer")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    note = models.CharField(max_length=300, blank=True, default="")
    # Until when something must stay by law, where not all could go.
    stays_until = models.DateField(null=True, blank=True)
    # When the night could not finish a deletion whose term is over; somebody must look.
    failed_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="returned") | ~Q(note=""), name="own_answer_return_says_why"),
        ]
