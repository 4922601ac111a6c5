"""What is filled in to take a list out, and to save one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.federation.listing.kinds import Column
from niangjia.federation.models import Export
from niangjia.federation.services.exports import ColumnsMissing, PurposeMissing


class ExportForm(forms.Form):
    """What for, which columns, in which form."""

    nothing_done = _("Nothing was taken yet. Please look at this:")

    purpose = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_(
            "In the words of the work: to civil affairs for checking, for the meeting on Monday. "
            "It stands on every page."
        ),
        error_messages={"required": PurposeMissing.sentence},
    )
    way = forms.ChoiceField(
        label=_("In which form"),
        choices=[(Export.Way.XLSX, _("Excel workbook")), (Export.Way.PAPER, _("Paper, A4 landscape"))],
        widget=forms.RadioSelect,
        initial=Export.Way.XLSX,
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": ColumnsMissing.sentence},
    )

    def __init__(self, *args: Any, offered: list[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(one.code, self._label(one)) for one in offered]  # type: ignore[attr-defined]
        self.initial.setdefault("columns", [one.code for one in offered if not one.right])

    def _label(self, column: Column) -> Any:
        if column.right:
            return _("%(column)s (a second person confirms)") % {"column": column.label}
        return column.label


class SaveForm(forms.Form):
    """A name, and whether the unit sees it too."""

    name = forms.CharField(label=_("Name"), max_length=40, required=False)
    shared = forms.BooleanField(label=_("My unit sees it too"), required=False)


class ExportAnswerForm(forms.Form):
    """The second person's answer."""

    nothing_done = _("Nothing was decided yet. Please look at this:")

    answer = forms.CharField(required=False)
    note = forms.CharField(
        label=_("In one sentence: what is to be different"), max_length=300, required=False,
    )  # fmt: skip
