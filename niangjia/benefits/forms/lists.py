"""Forms of the officer's list pages; each is filled in by hand and checked again by its service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock

REASON_LENGTH = 200


class DayInput(forms.DateInput):
    """A date field the browser may help with; the value is always 2026-08-03."""

    input_type = "date"

    def __init__(self, **more: Any) -> None:
        super().__init__(format="%Y-%m-%d", **more)


class FreezeForm(forms.Form):
    """Document, meeting and paper of a list that is frozen."""

    use_required_attribute = False

    document_number = forms.CharField(
        label=_("Document number"), max_length=60, help_text=_("As it stands on the paper.")
    )
    meeting = forms.CharField(label=_("Meeting"), max_length=120, help_text=_("The meeting that fixed the list."))
    meeting_on = forms.DateField(label=_("Day of the meeting"), widget=DayInput())
    attachment = forms.FileField(
        label=_("Scan of the minutes or the document"), help_text=_("A photograph or a PDF, at most 10 MB.")
    )
    answer_by = forms.DateField(
        label=_("Answered by"), widget=DayInput(), required=False,
        help_text=_("The day by which those on the list hear whether it stays so. They read it on their own pages."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)


class AnswerForm(forms.Form):
    """The day by which those who meet the rule are answered."""

    use_required_attribute = False

    answer_by = forms.DateField(
        label=_("Answered by"), widget=DayInput(), required=False,
        help_text=_("Those who meet the rule read it on their own pages, with who holds it."),
    )  # fmt: skip


class NoticeForm(forms.Form):
    """Where the notice hangs and whom to call."""

    use_required_attribute = False

    place = forms.CharField(
        label=_("Where it hangs"),
        max_length=120,
        help_text=_("Such as the notice boards of the towns and of the county federation."),
    )
    objection_phone = forms.CharField(
        label=_("Telephone for objections"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    release = forms.BooleanField(
        label=_("Let the people on the list see it on their own pages as well"), required=False, initial=True
    )


class ServingForm(forms.Form):
    """The day and the paper of what was handed out."""

    use_required_attribute = False

    served_on = forms.DateField(label=_("Handed out on"), widget=DayInput())
    reference = forms.CharField(
        label=_("Number of the voucher or transfer"),
        max_length=60,
        help_text=_("As it stands in the books."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["served_on"].initial = clock.today()


class ReasonForm(forms.Form):
    """One sentence why."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Why, in one sentence"), max_length=REASON_LENGTH)


class VerdictForm(forms.Form):
    """The second person's answer."""

    nothing_done = _("Nothing was approved or sent back yet. Please look at this:")
    verdict = forms.ChoiceField(choices=[("confirmed", "confirmed"), ("returned", "returned")])
    note = forms.CharField(required=False, max_length=300)
