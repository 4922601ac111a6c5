"""The survey form as it travels: the same questions, the place beside them, and nothing that would be dropped."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.visits.forms.survey import VisitForm
from niangjia.visits.services.visits import Table

# What comes along with the answers and is none.
_AROUND = {"csrfmiddlewaretoken", "ticket", "told"}
_GONE = _(
    "Since you took this form along, somebody left the household or a question is asked no more. Nothing was "
    "recorded; your answers are kept. Empty the marked answers, or copy everything out as text."
)


class AwayForm(VisitForm):
    """A visit that was filled in without a network; an answer to what is not asked any more is said, not dropped."""

    latitude = forms.DecimalField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    longitude = forms.DecimalField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)
    accuracy = forms.DecimalField(min_value=0, max_value=100_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["request_id"]  # the ticket has it
        for question in self.questions:
            self.fields[question.name].widget.attrs["data-asks"] = question.fact.type
        self.fields["photo"].widget.attrs = {"data-shrink": "", "accept": "image/*"}

    def clean(self) -> dict[str, Any]:
        """Read the answers; find those that nothing asks for."""
        cleaned = super().clean()
        if self._unasked():
            raise forms.ValidationError(_GONE)
        return cleaned

    @property
    def problems(self) -> dict[str, list[str]]:
        """What stands in the way, by the name of the field; an answer that nothing asks for has its own line."""
        unasked = {name: [str(_("Asked no more. Empty it."))] for name in sorted(self._unasked())}
        return {name: [str(one) for one in errors] for name, errors in self.errors.items()} | unasked

    def _unasked(self) -> set[str]:
        return {name for name, value in self.data.items() if value} - _AROUND - self.fields.keys()

    def table(self) -> Table:
        """What was brought from the visit, with where it was recorded."""
        found = super().table()
        north, east, around = (self.cleaned_data[name] for name in ("latitude", "longitude", "accuracy"))
        if north is None or east is None:
            return found
        place = f"{_degrees(north)},{_degrees(east)}"
        return Table(
            found.purpose, found.visited_on, found.verdict, found.better_since, found.note, found.answers,
            place if around is None else f"{place} ±{around:.0f}m",
        )  # fmt: skip


def _degrees(value: Decimal) -> str:
    """Five digits behind the point are a metre; more would only look exact."""
    return f"{value:.5f}"
