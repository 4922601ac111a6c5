"""Forms of a draw: where the seed will come from, and the seed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.benefits.forms.lists import DayInput


class FixForm(forms.Form):
    """Whence the seed, and on which day."""

    use_required_attribute = False

    seed_source = forms.CharField(
        label=_("Where the seed will come from"), max_length=120,
        help_text=_("Something others publish later, such as a welfare lottery with its issue number."),
    )  # fmt: skip
    seed_on = forms.DateField(label=_("Day it is published"), widget=DayInput())


class SeedForm(forms.Form):
    """The seed, as it was published."""

    use_required_attribute = False

    value = forms.CharField(
        label=_("The seed"), max_length=120, help_text=_("Exactly as its source published it; it is entered once.")
    )
