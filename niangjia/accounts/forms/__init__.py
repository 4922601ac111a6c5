"""What people fill in to log in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.core.errors import Refusal


class PhoneForm(forms.Form):
    """The number a code is sent to."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        help_text=_("The number your union has for you. The message comes in a few seconds and costs nothing."),
        error_messages={"required": _("Please fill in your mobile number.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        """The number in E.164."""
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from None


class CodeForm(forms.Form):
    """The code that came by message."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits, from the newest message."),
        error_messages={"required": _("Please fill in the six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """The digits, however they were spaced."""
        digits = "".join(self.cleaned_data["code"].split())
        return digits.translate(str.maketrans("０１２３４５６７８９", "0123456789"))


class PasswordForm(forms.Form):
    """Log-in name and password of somebody who works at a desk."""

    username = forms.CharField(
        label=_("Log-in name"),
        max_length=80,
        error_messages={"required": _("Please fill in your log-in name.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        error_messages={"required": _("Please fill in your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or above the form."""
    field: Any = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.sentence))
