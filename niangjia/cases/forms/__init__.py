"""What officers fill in about tasks and returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal

# Mostly photographs of signed sheets: as large as print on them needs.
_FILE = {"accept": "image/*,application/pdf,.xlsx,.xls,.csv", "data-shrink": "2400"}
_EMPTY: Any = {"empty": _("The file is empty. Please choose it again.")}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or above the form."""
    field: Any = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.sentence))


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day, typed or chosen."""
    return forms.DateField(
        label=label, help_text=help_text, input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give the date as 2026-08-03."), "required": _("Please fill in the date.")},
    )  # fmt: skip


def words_field(label: Any, required: str | Any = "", help_text: Any = "", rows: int = 3) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=2000, required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}), error_messages={"required": required},
    )  # fmt: skip


IN_WORDS = "words"


class HandDownForm(forms.Form):
    """A task for the unions below."""

    title = forms.CharField(
        label=_("Task"), max_length=80,
        help_text=_("As the towns will read it, such as: changes of July in the files."),
        error_messages={"required": _("Please write what it is about.")},
    )  # fmt: skip
    request = words_field(_("What is asked"), _("Please write what is asked: the towns see nothing else."))
    roster_kind = forms.ChoiceField(label=_("To be returned"))
    nil_allowed = forms.BooleanField(label=_("A nil return is accepted where nothing changed"), required=False)
    due_on = day_field(_("Due on"), _("Proposed: five working days from today."))
    chosen = forms.MultipleChoiceField(
        label=_("To whom"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked means all."),
    )  # fmt: skip
    attachment = forms.FileField(
        label=_("Attachment"), required=False, help_text=_("A PDF, a photograph, or a blank table."),
        widget=forms.FileInput(attrs=_FILE), error_messages=_EMPTY,
    )  # fmt: skip
    hierarchy = forms.CharField(widget=forms.HiddenInput)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, kinds: Iterable[tuple[str, Any]], unions: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["roster_kind"]
        kind.choices = [(IN_WORDS, _("An answer in words")), *kinds]
        chosen: Any = self.fields["chosen"]
        chosen.choices = list(unions)

    def clean_roster_kind(self) -> str:
        """The kind of roster, or empty for words."""
        kind: str = self.cleaned_data["roster_kind"]
        return "" if kind == IN_WORDS else kind


class ReturnForm(forms.Form):
    """What a union returns."""

    words = words_field(_("Answer"), _("Please write the answer. Nothing was returned yet."))
    roster = forms.ChoiceField(label=_("Roster"), required=False)
    nil = forms.BooleanField(label=_("Nil return: nothing changed"), required=False)
    file = forms.FileField(
        label=_("Attachment"), required=False, help_text=_("A PDF, a photograph, or a table."),
        widget=forms.FileInput(attrs=_FILE), error_messages=_EMPTY,
    )  # fmt: skip

    def __init__(
        self, *args: Any, asks_roster: bool, nil_allowed: bool, rosters: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asks_roster = asks_roster
        self.fields["words"].required = False
        if asks_roster:
            words: Any = self.fields["words"]
            words.label = _("Remark")
            roster: Any = self.fields["roster"]
            roster.choices = [("", _("Please choose")), *rosters]
            self.order_fields(["roster"])
        else:
            del self.fields["roster"]
        if not nil_allowed:
            del self.fields["nil"]
            self.fields["words"].required = not asks_roster

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        kind = "nil" if self.cleaned_data.get("nil") else "roster" if self._asks_roster else "words"
        return {
            "kind": kind, "words": self.cleaned_data["words"], "file": self.cleaned_data["file"],
            "roster_public_id": self.cleaned_data.get("roster", "") if kind == "roster" else "",
        }  # fmt: skip


class SendBackForm(forms.Form):
    """Sending an answer back."""

    sentence = forms.CharField(
        label=_("What is wrong, and what to do"), max_length=200,
        error_messages={"required": _("Please write in one sentence what is wrong and what to do.")},
    )  # fmt: skip
    due_on = day_field(_("Due again on"))
