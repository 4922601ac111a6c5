from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.core.errors import Refusal
from niangjia.engines.rules.facts import Value
from niangjia.policy import bundles, numbers
from niangjia.policy.forms.draft import NUMBER, LaterField, day_input, unit_words
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.readiness import language_code

MOVABLE = {"fen", "int", "ppm", "date"}


class RecipeForm(forms.Form):
    """Taking a recipe over: the name of one's own edition."""

    edition = forms.CharField(
        label=gettext_lazy("Name of your edition"), max_length=30,
        help_text=gettext_lazy("Stands behind the name, such as the year."),
        error_messages={"required": gettext_lazy("Please name the edition, such as the year.")},
    )  # fmt: skip


class MovedForm(forms.Form):
    """Numbers to try other values of; nothing is saved."""

    nothing_done = gettext_lazy("Nothing was tried yet. Please look at this:")
    use_required_attribute = False

    def __init__(self, *args: Any, version: ProgrammeVersion, **more: Any) -> None:
        programme = bundles.programme_of(version.bundle)
        found = numbers.numbers_of(programme, language_code())
        self.numbers = [number for number in found if number.type in MOVABLE]
        super().__init__(*args, **more)
        for number in self.numbers:
            name = NUMBER + number.code
            attrs = {"inputmode": "decimal", "autocomplete": "off"}
            widget = forms.TextInput(attrs=attrs) if number.type != "date" else day_input()
            self.fields[name] = forms.CharField(
                label=number.label,
                max_length=40,
                widget=widget,
                error_messages={"required": _("Please fill in a number.")},
            )
            self.initial.setdefault(name, numbers.typed(number.type, number.value))

    def fields_with_units(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with its unit."""
        return [(self[NUMBER + number.code], unit_words(number)) for number in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Read every number in its unit."""
        cleaned = super().clean() or {}
        for number in self.numbers:
            name = NUMBER + number.code
            if not cleaned.get(name):
                continue
            try:
                cleaned[name] = numbers.read(number.type, cleaned[name], name)
            except Refusal as refusal:
                self.add_error(name, str(refusal.sentence))
        return cleaned

    def moved(self) -> dict[str, Value]:
        """The numbers that differ from the text."""
        found = {number.code: self.cleaned_data.get(NUMBER + number.code) for number in self.numbers}
        present = {number.code: number.value for number in self.numbers}
        return {code: value for code, value in found.items() if value not in (None, "", present[code])}


class ConfirmationForm(forms.Form):
    """The second person's answer."""

    nothing_done = gettext_lazy("Nothing was published or returned yet. Please look at this:")
    # The note is needed for one of the two answers only, so the browser must not ask for it.
    use_required_attribute = False

    answer = forms.ChoiceField(
        choices=[("confirmed", ""), ("returned", "")],
        error_messages={
            "required": gettext_lazy("Please choose: as in the document, or return it."),
            "invalid_choice": gettext_lazy("Please choose: as in the document, or return it."),
        },
    )  # fmt: skip
    note = LaterField(
        label=gettext_lazy("What is not as in the document?"), max_length=300,
        help_text=gettext_lazy("One sentence, only when you return it."), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A return says why."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "returned" and not cleaned.get("note", "").strip():
            self.add_error(
                "note", _("Please write one sentence: what is not as in the document, and what should be done.")
            )
        return cleaned


class WithdrawalForm(forms.Form):
    """Taking a published version back."""

    nothing_done = gettext_lazy("Nothing was taken back yet. Please look at this:")

    reason = forms.CharField(
        label=gettext_lazy("Why it is taken back"), max_length=200,
        error_messages={"required": gettext_lazy("Please write one sentence: why it is taken back.")},
    )  # fmt: skip
