"""What an officer types from a printed form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AnewForm(forms.Form):
    """Where a photograph belongs that was filed under a wrong code, and what is wrong; without digits, nowhere."""

    code = forms.CharField(
        label=_("Digits under the square"), max_length=40, required=False,
        help_text=_("Of the form where it belongs: 20 digits, in fours; blanks do not matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What is wrong with where it is filed"), max_length=200,
        help_text=_("One sentence; it stands in the record of changes of the file that it leaves."),
        error_messages={"required": _("Please write in one sentence what is wrong with where it is filed.")},
    )  # fmt: skip


class CodeForm(forms.Form):
    """The digits under the square."""

    code = forms.CharField(
        label=_("Digits under the square"), max_length=40, help_text=_("20 digits, in fours; blanks do not matter."),
        error_messages={"required": _("Please type the digits under the square.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
