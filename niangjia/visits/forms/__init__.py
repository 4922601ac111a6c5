"""What officers and assessors fill in in this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.people.forms import GRADES
from niangjia.visits.householdpage import RESULTS


def day(label: Any, help_text: Any = "", required: bool = True) -> forms.DateField:
    """A day, typed or chosen."""
    return forms.DateField(
        label=label, help_text=help_text, required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give the date as 2026-08-03."), "required": _("Please fill in the date.")},
    )  # fmt: skip


class PlainForm(forms.Form):
    """A form whose fields are checked by us, in our words."""

    use_required_attribute = False


class PaperForm(PlainForm):
    """A paper of the file."""

    name = forms.ChoiceField(label=_("Paper of the file"))
    other = forms.CharField(label=_("Another paper, by name"), max_length=40, required=False)
    dated_on = day(_("Day on the paper"), _("Freshness counts from this day, not from today."))
    upload = forms.FileField(
        label=_("Photograph or scan"), help_text=_("A photograph or a PDF, at most 10 MB."),
        error_messages={"required": _("Please choose the photograph or scan.")},
    )  # fmt: skip
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["name"]
        chosen.choices = [*((name, name) for name in names), ("", _("Another paper"))]
        chosen.required = False

    @property
    def paper_name(self) -> str:
        """The name that was chosen or typed."""
        return str(self.cleaned_data["name"] or self.cleaned_data["other"])


class CallForm(PlainForm):
    """What came of a call back."""

    done_on = day(_("Called on"))
    result = forms.ChoiceField(label=_("What came of it"), choices=list(RESULTS.items()), widget=forms.RadioSelect)
    note = forms.CharField(label=_("In one sentence"), max_length=300, required=False)


class TakeBackForm(PlainForm):
    """Why what was recorded does not hold."""

    reason = forms.CharField(
        label=_("Why is it taken back?"), max_length=200,
        error_messages={"required": _("Please write in one sentence why it is taken back. Nothing was changed.")},
    )  # fmt: skip


class GradeForm(PlainForm):
    """A grade, with its reason and the next review."""

    grade = forms.ChoiceField(label=_("Grade"), choices=list(GRADES.items()))
    review_due_on = day(_("Review due on"))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("What the visit found."))


class CampaignForm(PlainForm):
    """A re-check of all files."""

    title = forms.CharField(label=_("Title"), max_length=80)
    document_number = forms.CharField(label=_("Document number"), max_length=60, required=False)
    starts_on = day(_("First day"))
    due_on = day(_("Last day"))


class SampleForm(PlainForm):
    """A sample for outsiders."""

    title = forms.CharField(label=_("Title"), max_length=80)
    size = forms.IntegerField(label=_("Files to draw"), min_value=1, max_value=100_000)
    seed_source = forms.CharField(
        label=_("Where the seed will come from"), max_length=120,
        help_text=_("Something others publish later, such as a welfare lottery with its issue number."),
    )  # fmt: skip
    seed_on = day(_("Day the seed is published"))
    ends_on = day(_("Last day of the check"), _("After it the assessors see nothing more."))
    rectify_days = forms.IntegerField(
        label=_("Days to put right what is found"), min_value=1, max_value=365, initial=15
    )


class SeedForm(PlainForm):
    """The seed, as it was published."""

    value = forms.CharField(
        label=_("The seed"), max_length=120, help_text=_("Exactly as its source published it; it is entered once.")
    )


class AssessorForm(PlainForm):
    """Who from outside sees the sample."""

    username = forms.CharField(label=_("Log-in name of the assessor"), max_length=60)


class HandoverForm(PlainForm):
    """Which provider gets the sample, by its contract."""

    contract = forms.ChoiceField(
        label=_("Provider under contract"), help_text=_("All its people that are named see the drawn files."),
        error_messages={
            "required": _("Please choose the provider."), "invalid_choice": _("Please choose the provider."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, contracts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["contract"]
        chosen.choices = [("", ""), *contracts]


class FindingForm(PlainForm):
    """What an assessor found at one household."""

    agrees = forms.ChoiceField(
        label=_("What was found"), widget=forms.RadioSelect,
        choices=[("yes", _("As in the file")), ("no", _("Otherwise than in the file"))],
        error_messages={"required": _("Please choose one of the two.")},
    )  # fmt: skip
    said = forms.CharField(
        label=_("What is otherwise, in one sentence"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class RectifyForm(PlainForm):
    """What was put right."""

    said = forms.CharField(label=_("What was put right"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class FigureForm(PlainForm):
    """A figure that others reported."""

    label = forms.CharField(label=_("What is counted"), max_length=60)
    value = forms.IntegerField(label=_("Number"), min_value=0, max_value=10**15)
    unit = forms.CharField(label=_("Unit"), max_length=10, help_text=_("Such as households, persons, notices."))
    as_of = forms.CharField(label=_("As of, in the source's words"), max_length=30)
    cut_off_on = day(_("Cut-off date"))
    source = forms.CharField(label=_("Source"), max_length=120)


class ReasonForm(PlainForm):
    """The reason for a look."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Kept with the look; the household can read it."),
        error_messages={"required": _("Please write the reason: it is kept with the look.")},
    )  # fmt: skip
