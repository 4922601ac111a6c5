"""What auditors fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.actions import actions
from niangjia.federation.services import audit
from niangjia.federation.trail_words import KINDS


def _actions() -> list[tuple[str, object]]:
    return [("", _("All")), *sorted(((one.code, one.sentence) for one in actions.all()), key=lambda pair: pair[0])]


class TrailFilterForm(forms.Form):
    """Which part of the trail to show."""

    kind = forms.ChoiceField(
        label=_("Kind of object"), required=False, choices=lambda: [("", _("All")), *KINDS.items()]
    )
    object_id = forms.IntegerField(label=_("Number of the object"), required=False, min_value=1, max_value=2**62)
    action = forms.ChoiceField(label=_("Action"), required=False, choices=_actions)
    actor = forms.CharField(label=_("Who"), required=False, max_length=60)
    looks = forms.BooleanField(label=_("Looks only"), required=False)


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
