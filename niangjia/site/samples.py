"""Invented rows for the design page: the parts need something to show. Nobody here exists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

AID_FEN = 500_000
COLOURS = ("paper surface sunk ink ink-2 ink-3 line edge red red-press link yes ask no go late chart-a chart-b").split()


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the identity card."), max_length=30)
    number = forms.CharField(
        label=_("Identity number"), help_text=_("Only to see that it is you; who looked at it stands under Me.")
    )
    amount = forms.CharField(
        label=_("Amount for each student"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    grade = forms.ChoiceField(
        label=_("Grade of hardship"),
        widget=forms.RadioSelect,
        choices=[("deep", _("Deep")), ("relative", _("Relative"))],
    )
    town = forms.ChoiceField(label=_("Town"), choices=[("xm", "小满镇"), ("bl", "白露镇")])
    note = forms.CharField(label=_("A word about it"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(
        label=_("I agree that the union asks the civil affairs bureau about my income."), required=False
    )

    def clean_number(self) -> str:
        """The length is the first thing that goes wrong with this number."""
        number: str = self.cleaned_data["number"]
        if len(number) != 18:
            raise forms.ValidationError(
                _("One digit short: %(typed)s typed, it should be 18."), params={"typed": len(number)}
            )
        return number


class SampleUpload(forms.Form):
    """A photograph."""

    slip = forms.FileField(
        label=_("Admission letter"),
        help_text=_("A photograph will do. If it is not clear, one sentence here says what to do."),
    )


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "name": "麦芒种",
            "town": "小满镇",
            "why": _("Admission letter not yet handed in"),
            "oldest": date(2026, 5, 12),
            "fen": AID_FEN,
            "status": "ask",
        },
        {
            "name": "杜仲山",
            "town": "立春街道",
            "why": _("11,300.00 left of 86,400.00"),
            "oldest": date(2026, 8, 1),
            "fen": 200_000,
            "status": "yes",
        },
        {
            "name": "艾草青",
            "town": "立春街道",
            "why": _("40 or older, no employer since 16 March"),
            "oldest": date(2026, 7, 30),
            "fen": 0,
            "status": "notice",
            "when": date(2026, 8, 10),
        },
        {
            "name": "金银花",
            "town": "白露镇",
            "why": _("The income on record is nine months old"),
            "oldest": date(2025, 11, 3),
            "fen": 0,
            "status": "verify",
        },
    ]


def _decisions() -> list[dict[str, Any]]:
    clause = _("Families whose income per head is below the county's line, and whose child enters college this year.")
    return [
        {
            "mark": "yes",
            "sentence": _("Income per head at most 1,500.00 a month"),
            "fact": _("1,180.00 a month"),
            "source": _("house visit"),
            "on": date(2026, 5, 12),
            "clause": clause,
        },
        {
            "mark": "ask",
            "sentence": _("The child was admitted to a college this year"),
            "fact": _("no letter yet"),
            "source": "",
            "on": None,
            "change": _("Only the admission letter is missing. A photograph will do."),
        },
        {
            "mark": "no",
            "sentence": _("Started work by 28 February 2026"),
            "fact": _("1 March 2026"),
            "source": _("social insurance bureau"),
            "on": date(2026, 7, 31),
        },
    ]


def design_context() -> dict[str, Any]:
    """Everything the design page shows."""
    wrong = SampleForm(
        {"name": "麦芒种", "number": "99990119810405123", "amount": "5000", "grade": "deep", "town": "xm"}
    )
    wrong.is_valid()
    return {
        "colours": COLOURS,
        "marks": ("yes", "ask", "no", "go", "late"),
        "rows": _rows(),
        "decisions": _decisions(),
        "sample_form": wrong,
        "upload_form": SampleUpload(),
        "page": Paginator(range(233), 50).page(2),
        "numbers": [
            {
                "label": _("Meets the rules"),
                "value": "61",
                "unit": _("households"),
                "note": _("67 students"),
                "url": "#figures",
            },
            {"label": _("Never served before"), "value": "23", "unit": _("households"), "url": "#figures"},
            {"label": _("Money"), "value": "335,000.00", "unit": _("yuan"), "note": _("65,000.00 left of 400,000.00")},
        ],
        "tabs": [
            {"label": _("Meets, not served"), "url": "#tabs", "count": 61, "unit": _("households"), "current": True},
            {"label": _("One fact missing"), "url": "#tabs", "count": 19, "unit": _("households")},
            {"label": _("Near miss"), "url": "#tabs", "count": 11, "unit": _("households")},
            {"label": _("No longer met"), "url": "#tabs", "count": 4, "unit": _("households")},
            {"label": _("Delivered"), "url": "#tabs", "count": 0, "unit": _("households")},
        ],
        "consequences": [
            {"what": _("Households on the frozen list"), "many": _("61 households")},
            {"what": _("Of them never served before"), "many": _("23 households")},
            {"what": _("Money set aside"), "many": "335,000.00"},
        ],
        "compared": [
            {
                "label": _("Admitted to"),
                "value": _("Qinglan Normal College"),
                "old": "",
                "source": _("stated by the worker"),
                "on": date(2026, 8, 3),
            },
            {
                "label": _("Date of the letter"),
                "value": "2026-08-01",
                "old": "2026-07-30",
                "source": _("stated by the worker"),
                "on": date(2026, 8, 2),
            },
        ],
        "notice_ends": date(2026, 8, 10),
        "served_on": date(2026, 8, 20),
        "ended_on": date(2026, 7, 1),
        "total_fen": 33_500_000,
        "aid_fen": AID_FEN,
    }
