"""The form by which places are given back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.benefits.forms.lists import REASON_LENGTH
from niangjia.benefits.quotamoves import Own


class ReturnForm(forms.Form):
    """Whose places, how many, why."""

    use_required_attribute = False
    nothing_done = _("No places were given back yet. Please look at this:")

    whose = forms.ChoiceField(label=_("Whose places"))
    places = forms.IntegerField(
        label=_("How many are given back"), min_value=1, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    reason = forms.CharField(
        label=_("Why, in one sentence"), max_length=REASON_LENGTH,
        help_text=_("Everybody who has places sees it."),
    )  # fmt: skip
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, own: list[Own], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            (f"{one.kind}:{one.id}", _("%(name)s, has %(places)s") % {"name": one.name, "places": f"{one.places:,}"})
            for one in own
        ]

    def returned(self) -> dict[str, Any]:
        """The arguments of the service."""
        kind, _colon, pk = self.cleaned_data["whose"].partition(":")
        names = ("places", "reason", "request_id")
        return {"subject_kind": kind, "subject_id": int(pk), **{name: self.cleaned_data[name] for name in names}}
