from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class CheckAuthority(models.Model):
    """A signed paper (授权书): these adults let the union ask these bureaus, for this purpose, until this day."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    # One of the two: the paper of a household, or of somebody who belongs to none.
    household = models.ForeignKey(
        "people.Household", null=True, blank=True, on_delete=models.PROTECT, related_name="authorities"
    )
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="authorities"
    )
    purpose = models.CharField(max_length=80)
    bureaus = models.JSONField(default=list)  # the bureaus that the paper names
    signed_on = models.DateField()
    valid_until = models.DateField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Sent twice, it is one paper.
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(household__isnull=True, person__isnull=False)
                | Q(household__isnull=False, person__isnull=True),
                name="authority_of_one",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("signed_on")), name="authority_dates_in_order"),
            models.CheckConstraint(condition=~Q(purpose=""), name="authority_says_what_for"),
        ]


class AuthoritySigner(models.Model):
    """One adult who signed it."""

    authority = models.ForeignKey(CheckAuthority, on_delete=models.CASCADE, related_name="signers")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="signed_authorities")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "person"], name="authority_signed_once"),
        ]
