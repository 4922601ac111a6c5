"""What auditors fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.services import audit


class VerifyChainForm(forms.Form):
    """A head noted earlier, outside this machine."""

    head = forms.CharField(
        label=_("Head noted earlier"),
        required=False,
        max_length=90,
        help_text=_("Place and digest as they were printed. Only with them does a shortened or rewritten trail show."),
    )

    def clean_head(self) -> tuple[int, str] | None:
        """Place and digest."""
        try:
            return audit.parse_head(self.cleaned_data["head"]) if self.cleaned_data["head"] else None
        except ValueError:
            raise forms.ValidationError(_("A head looks like 120:9f3c… : the place, a colon, 64 characters.")) from None
