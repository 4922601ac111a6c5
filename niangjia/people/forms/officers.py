"""What is filled in to say which file of the register an officer is, and to take that back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.whois import Answers, number_field, who_field


class SayForm(forms.Form):
    """Which file, and how one knows."""

    number = number_field()
    source = forms.CharField(
        label=_("How do you know?"), max_length=200, help_text=_("The card that was shown, the personal file."),
        error_messages={"required": _("Please write in a few words how you know.")},
    )  # fmt: skip
    field_order = ["who", "number", "source"]

    def __init__(self, *args: Any, answers: Answers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"] = who_field(answers)
        self.order_fields(self.field_order)


class UnsayForm(forms.Form):
    """Why it does not hold."""

    reason = forms.CharField(
        label=_("Why does it not hold?"), max_length=200, help_text=_("Kept in the audit trail."),
        error_messages={"required": _("Please say why.")},
    )  # fmt: skip
