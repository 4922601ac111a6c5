"""What an officer fills in about a firm's size and who stands behind it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core.money import parse_yuan
from niangjia.people.firms.sizes import editions

_TEN_THOUSAND = 10_000


class _WanField(forms.CharField):
    """An amount in ten thousand yuan, as balance sheets have it; in fen."""

    def __init__(self, **words: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_length=20, required=False, widget=widget, **words)

    def clean(self, value: Any) -> Any:
        """Fen, or nothing."""
        text = super().clean(value).strip()
        try:
            return parse_yuan(text) * _TEN_THOUSAND if text else None
        except ValueError:
            raise forms.ValidationError(_("Please give the amount in 10,000 yuan, as 480 or 480.50.")) from None


class SizeForm(forms.Form):
    """The measures of a firm on a day."""

    industry = forms.ChoiceField(label=_("Industry"))
    staff = forms.IntegerField(label=_("Staff"), required=False, min_value=0, max_value=2_000_000_000)
    revenue = _WanField(label=_("Revenue of the year (10,000 yuan)"))
    assets = _WanField(
        label=_("Total assets (10,000 yuan)"), help_text=_("Asked for building, property development and leasing only.")
    )
    true_on = forms.DateField(
        label=_("True on"), help_text=_("Usually the last day of the year that the numbers describe."),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give the date as 2026-08-03."), "required": _("Please fill in the date.")},
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        industry: Any = self.fields["industry"]
        industry.choices = [(code, one.label) for code, one in editions()[-1].industries.items()]


class RegistrationForm(forms.Form):
    """Who stands behind a firm, as its licence says."""

    representative = forms.CharField(label=_("Legal representative"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=80, help_text=_("The licence, or the market regulator's register.")
    )
