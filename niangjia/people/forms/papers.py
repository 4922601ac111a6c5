"""What an officer types from a printed form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """The digits under the square."""

    code = forms.CharField(
        label=_("Digits under the square"), max_length=40, help_text=_("20 digits, in fours; blanks do not matter."),
        error_messages={"required": _("Please type the digits under the square.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
