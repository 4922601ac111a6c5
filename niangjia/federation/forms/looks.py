"""What is filled in to give one reason for a task of looks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LookTaskForm(forms.Form):
    """Why, how many households, how long."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=100,
        help_text=_("In the words of the work: entering into the national system, answering the audit."),
        error_messages={"required": _("Please say why: the people whose numbers you open can read it.")},
    )
    most = forms.IntegerField(
        label=_("Households, at most"),
        initial=8,
        error_messages=dict.fromkeys(("required", "invalid"), _("Please fill in a whole number.")),
    )
    hours = forms.IntegerField(
        label=_("Hours, at most"),
        initial=2,
        error_messages=dict.fromkeys(("required", "invalid"), _("Please fill in a whole number.")),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
