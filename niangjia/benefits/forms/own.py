"""The form in which a person supplies the one fact that is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.core.facts import Fact
from niangjia.people.values import Value, from_form


class SupplyForm(forms.Form):
    """One fact: a photograph, and the value where the photograph alone does not say it."""

    use_required_attribute = False

    value = forms.CharField(required=False, max_length=40)
    photograph = forms.FileField(required=False)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, fact: Fact, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fact = fact
        self.needs_value = fact.type != "bool"
        chinese = (get_language() or "").startswith("zh")
        question = (fact.question_zh if chinese else fact.question_en) or (fact.zh if chinese else fact.en)
        photograph = self.fields["photograph"]
        photograph.label = question if not self.needs_value else _("Photograph of the paper")
        photograph.help_text = _(
            "One photograph is enough. If it cannot be read, one sentence on your page says what to do."
        )
        photograph.required = not self.needs_value
        photograph.error_messages["required"] = _(
            "The photograph is missing. Please photograph the paper, or choose a picture."
        )
        if self.needs_value:
            self._shape_value(question, chinese)
        else:
            del self.fields["value"]

    def _shape_value(self, question: str, chinese: bool) -> None:
        if self.fact.codes:
            choices = [(code, names[0] if chinese else names[1]) for code, names in self.fact.codes.items()]
            self.fields["value"] = forms.ChoiceField(choices=[("", _("Please choose")), *choices])
        field = self.fields["value"]
        field.label, field.required = question, True
        if self.fact.type in {"int", "fen"}:
            field.widget.attrs["inputmode"] = "decimal"
        if self.fact.type == "fen":
            field.help_text = _("In yuan, as 1180 or 1180.50.")

    def clean_value(self) -> Value:
        """The typed value; a bad one gets the sentence of its type."""
        try:
            return from_form(self.fact, self.cleaned_data["value"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from None

    def stated(self) -> Value:
        """What the person states: the value, or, by handing in the paper, that there is one."""
        return self.cleaned_data["value"] if self.needs_value else True
