"""Handing in a roster, and saying what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.people.rosters.kinds import Column, RosterKind
from niangjia.people.rosters.page import HeadingLine


class RosterForm(forms.Form):
    """A table with what holds for all its rows."""

    kind = forms.ChoiceField(label=_("What the rows are"), widget=forms.RadioSelect)
    union = forms.ChoiceField(
        label=_("Union"), help_text=_("Rows that name a union below it go there; all others belong to this one."),
        error_messages={"required": _("Please choose the union."), "invalid_choice": _("Please choose the union.")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("Table"), help_text=_("As it is: .xlsx, .xls, or .csv in UTF-8 or GBK. At most 30 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.xlsm,.txt", "data-progress": ""}),
        error_messages={
            "required": _("Please choose the table."), "empty": _("The file is empty. Please choose it again."),
        },
    )  # fmt: skip
    true_on = forms.DateField(
        label=_("True on"), help_text=_("The day the rows describe."), input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give the date as 2026-08-03."), "required": _("Please fill in the date.")},
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=80, required=False,
        help_text=_("Who made the table. For results of a bureau: the bureau and its paper."),
    )  # fmt: skip
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, kinds: Sequence[RosterKind], unions: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.code, one.title) for one in kinds]
        union: Any = self.fields["union"]
        union.choices = list(unions)


class ColumnsForm(forms.Form):
    """For each heading of the table: which column it is, or none; and which sheets are none of the roster."""

    def __init__(
        self, *args: Any, headings: Sequence[HeadingLine], columns: Iterable[Column], sheets: Sequence[str] = (),
        left_out: Sequence[str] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._headings = {f"column_{number}": line for number, line in enumerate(headings)}
        choices = [("", _("(leave out)")), *((column.code, column.label) for column in columns)]
        for name, line in self._headings.items():
            self.fields[name] = forms.ChoiceField(
                label=line.heading, choices=choices, initial=line.code, required=False
            )
        if sheets:
            self.fields["left_out"] = forms.MultipleChoiceField(
                label=_("Sheets to leave out"), required=False, choices=[(sheet, sheet) for sheet in sheets],
                initial=list(left_out), widget=forms.CheckboxSelectMultiple,
                help_text=_("Nothing of a sheet that is ticked is entered: summaries, last year's table, notes."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """No column twice in one sheet: of two the second would be lost unseen."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen: dict[tuple[str, str], str] = {}
        for name, line in self._headings.items():
            code = str(cleaned.get(name) or "")
            for sheet in line.sheets if code else ():
                if (sheet, code) in seen:
                    sentence = _("This column is chosen for %(other)s already. Please leave one of the two out.")
                    self.add_error(name, sentence % {"other": self._headings[seen[sheet, code]].heading})
                    break
                seen[sheet, code] = name
        return cleaned

    def meanings(self) -> dict[str, str]:
        """Heading to column, for those that were said otherwise than found, and for those that were found."""
        return {line.heading: self.cleaned_data[name] for name, line in self._headings.items()}

    def left_out(self) -> list[str]:
        """The sheets that are none of the roster."""
        return list(self.cleaned_data.get("left_out", []))
