from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.core.errors import Refusal
from niangjia.engines.rules.facts import Value
from niangjia.policy import bundles, numbers
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.readiness import choices_of, language_code, settled_choice
from niangjia.policy.services.drafts import check_meeting, check_number

NUMBER, CHOICE = "number_", "choice_"
PAPER = ("edition", "document_number", "meeting", "meeting_on", "valid_from", "valid_to")
_PER = {
    "person": gettext_lazy("per person"), "household": gettext_lazy("per household"),
    "employer": gettext_lazy("per employer"), "union": gettext_lazy("per union"),
    "year": gettext_lazy("every year"), "month": gettext_lazy("every month"),
}  # fmt: skip


def option_words(option: tuple[str, ...]) -> str:
    """One offered answer in words: per person, per household, every year."""
    return ("、" if language_code() == "zh" else ", ").join(str(_PER.get(word, word)) for word in option)


def day_input() -> forms.DateInput:
    """The browser's own calendar; it wants the ISO form in every language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class LaterField(forms.CharField):
    """Needed before publishing, but not before saving: an empty one is no fault and is not called optional."""

    def validate(self, value: Any) -> None:
        """Accept what is empty."""


class LaterFile(forms.FileField):
    """A file that may come later."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, or nothing."""
        return super().clean(data, initial) if data is not None else None


class DayField(forms.DateField):
    """A date as it stands on paper, 2026-08-03; an empty one is no fault here."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"], widget=day_input(),
            error_messages={"invalid": gettext_lazy("Please give the date as 2026-08-03.")}, **more,
        )  # fmt: skip

    def validate(self, value: Any) -> None:
        """Accept what is empty."""


class LaterChoice(forms.ChoiceField):
    """A choice that may wait, though nothing is published before it is made."""

    def validate(self, value: Any) -> None:
        """Accept that nothing is chosen yet."""
        if value:
            super().validate(value)


class DraftForm(forms.Form):
    """Everything a union fills in: the numbers and choices of the text, and the paper it stands on."""

    use_required_attribute = False

    edition = forms.CharField(
        label=gettext_lazy("Edition"), max_length=30,
        help_text=gettext_lazy("Stands behind the name, such as the year."),
        error_messages={"required": gettext_lazy("Please name the edition, such as the year.")},
    )  # fmt: skip
    valid_from = DayField(label=gettext_lazy("First day of validity"))
    valid_to = DayField(label=gettext_lazy("Last day of validity"), required=False)
    document_number = LaterField(label=gettext_lazy("Document number"), max_length=60)
    meeting = LaterField(
        label=gettext_lazy("Meeting that decided it"), max_length=80,
        help_text=gettext_lazy("Such as the meeting of the chairs."),
    )  # fmt: skip
    meeting_on = DayField(label=gettext_lazy("Day of the meeting"))
    attachment = LaterFile(
        label=gettext_lazy("The document"),
        help_text=gettext_lazy("A scan (PDF) or a photograph of the signed paper, up to 10 MB."),
        error_messages={
            "empty": gettext_lazy(
                "The file is empty: nothing was received. Choose it again, or take the photograph again."
            )
        },
    )  # fmt: skip
    budget = forms.CharField(
        label=gettext_lazy("Budget"), max_length=30, required=False,
        help_text=gettext_lazy("Empty when no sum was set."), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, *args: Any, version: ProgrammeVersion, **more: Any) -> None:
        self.version, self.programme = version, bundles.programme_of(version.bundle)
        self.numbers = list(numbers.numbers_of(self.programme, language_code()))
        more.setdefault("initial", self._initial())
        super().__init__(*args, **more)
        if version.attachment_id is not None:
            self.fields["attachment"].help_text = _("One is stored. Choose another only to replace it.")
        for number in self.numbers:
            self.fields[NUMBER + number.code] = _number_field(number)
        for key, choice in choices_of(version).items():
            self.fields[CHOICE + key] = LaterChoice(
                label=choice.words.zh if language_code() == "zh" else choice.words.en,
                choices=[("+".join(option), option_words(option)) for option in choice.options],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Please choose one of the offered answers. Nothing was saved.")},
            )  # fmt: skip

    def _initial(self) -> dict[str, Any]:
        version = self.version
        found: dict[str, Any] = {
            "edition": version.edition, "valid_from": version.valid_from, "valid_to": version.valid_to,
            "document_number": version.document_number, "meeting": version.meeting, "meeting_on": version.meeting_on,
            "budget": numbers.typed("fen", version.budget_fen),
        }  # fmt: skip
        found |= {NUMBER + number.code: numbers.typed(number.type, number.value) for number in self.numbers}
        found |= {CHOICE + key: "+".join(settled_choice(self.programme, key)) for key in choices_of(version)}
        return found

    def number_fields(self) -> Iterator[tuple[forms.BoundField, str]]:
        """The fields of the text's numbers, each with its unit."""
        for number in self.numbers:
            yield self[NUMBER + number.code], unit_words(number)

    def choice_fields(self) -> Iterator[forms.BoundField]:
        """The fields of what the paper leaves open."""
        return (self[name] for name in self.fields if name.startswith(CHOICE))

    def clean_valid_from(self) -> date:
        """A version begins on a day."""
        if self.cleaned_data["valid_from"] is None:
            raise forms.ValidationError(_("Please fill in the first day."))
        found: date = self.cleaned_data["valid_from"]
        return found

    def clean_meeting_on(self) -> date | None:
        """A meeting that was held; the service checks it again."""
        found: date | None = self.cleaned_data["meeting_on"]
        try:
            check_meeting(found)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from None
        return found

    def clean_budget(self) -> int | None:
        """The budget in fen."""
        text = self.cleaned_data["budget"].strip()
        try:
            return numbers.read_yuan(text, "budget") if text else None
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from None

    def clean(self) -> dict[str, Any]:
        """Read every number in its unit; one that was left empty stays as it is."""
        cleaned = super().clean() or {}
        for number in self.numbers:
            name = NUMBER + number.code
            text = cleaned.get(name, "")
            if not text:
                continue
            try:
                cleaned[name] = numbers.read(number.type, text, name)
                check_number(self.programme, number.code, cleaned[name])
            except Refusal as refusal:
                self.add_error(name, str(refusal.sentence))
        return cleaned

    def filled(self) -> dict[str, Any]:
        """The arguments of `fill_in`."""
        data = self.cleaned_data
        values: dict[str, Value] = {
            number.code: data[NUMBER + number.code]
            for number in self.numbers
            if data[NUMBER + number.code] not in ("", number.value)
        }
        choices = {
            key: tuple(data[CHOICE + key].split("+"))
            for key in choices_of(self.version)
            if data[CHOICE + key] and tuple(data[CHOICE + key].split("+")) != settled_choice(self.programme, key)
        }
        paper = {name: data[name] for name in PAPER}
        return {
            **paper,
            "numbers": values,
            "choices": choices,
            "budget_fen": data["budget"],
            "attachment": data["attachment"],
        }


_UNITS = {
    "fen": gettext_lazy("yuan"), "ppm": "%", "month": gettext_lazy("months"), "year": gettext_lazy("years"),
    "day": gettext_lazy("days"), "person": gettext_lazy("persons"), "age": gettext_lazy("years of age"),
}  # fmt: skip


def unit_words(number: numbers.Number) -> str:
    """The unit behind a number's field."""
    return str(_UNITS.get(number.type) or _UNITS.get(number.unit) or number.unit)


def _number_field(number: numbers.Number) -> forms.Field:
    hint = _hint(number)
    mode = {"fen": "decimal", "int": "numeric", "ppm": "decimal"}.get(number.type, "text")
    widget: forms.Widget = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
    if number.type == "date":
        widget = day_input()
    if number.type == "bool":
        widget = forms.Select(choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))])
    return LaterField(label=number.label, max_length=40, help_text=hint, widget=widget)


def _hint(number: numbers.Number) -> str:
    if number.is_missing:
        return _("The source does not state it: your union decides.")
    if number.origin == "set":
        return _("Set by %(by)s, %(document)s.") % {"by": number.by, "document": number.document}
    if number.line:
        return _("Stated in the source, line %(line)s.") % {"line": number.line}
    return _("Stated in the source.")
