"""What officers fill in about people, households, employers and facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.core.facts import Fact
from niangjia.core.money import parse_yuan
from niangjia.people.shown import PROOFS, label_of, register_choices, value_text

GRADES = {"deep": _("Deep hardship"), "relative": _("Relative hardship"), "sudden": _("Sudden hardship")}
RELATIONS = {
    "head": _("Head"), "spouse": _("Spouse"), "child": _("Child"), "parent": _("Parent"), "other": _("Other"),
}  # fmt: skip
JOB_FORMS = {
    "contract": _("Contract"), "platform": _("Platform work"), "dispatch": _("Through an agency"),
    "casual": _("Casual work"),
}  # fmt: skip
SEXES = {"": _("As the identity number says"), "female": _("Female"), "male": _("Male")}
_DAY_WRONG = _("Please give the date as 2026-08-03.")


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or above the form."""
    field: Any = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.sentence))


def _day(label: Any, help_text: Any = "", required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _DAY_WRONG, "required": _("Please fill in the date.")},
    )


class _InUnionForm(forms.Form):
    """A form whose thing belongs to a union the officer writes for."""

    union = forms.ChoiceField(
        label=_("Union"),
        error_messages={"required": _("Please choose the union."), "invalid_choice": _("Please choose the union.")},
    )

    def __init__(self, *args: Any, unions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["union"]
        chosen.choices = list(unions)


class _PersonFields(forms.Form):
    """A person as the identity card says."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Please fill in the name as it stands on the card.")},
    )
    id_number = forms.CharField(
        label=_("Identity number"), max_length=40, required=False,
        help_text=_("18 places, as on the card. It tells birthday and sex."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Mobile number"), max_length=40, required=False, help_text=_("With it the person can log in."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES.items, required=False)
    born_on = _day(_("Date of birth"), _("Only without an identity number."), required=False)

    def person_values(self) -> dict[str, Any]:
        """The part that registers a person."""
        return {name: self.cleaned_data[name] for name in ("name", "id_number", "phone", "sex", "born_on")}


class PersonForm(_PersonFields, _InUnionForm):
    """A person without a household."""

    field_order = ["union"]


class HomeForm(_InUnionForm):
    """A household; who heads it is known."""

    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    registered_on = _day(_("Registered on"))


class HouseholdForm(_PersonFields, HomeForm):
    """A household with its head; somebody registered before is found by the identity number."""

    field_order = ["union", "address", "registered_on"]


class MemberForm(_PersonFields):
    """A member of a household; somebody registered before is found by the identity number."""

    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=[pair for pair in RELATIONS.items() if pair[0] != "head"]
    )
    valid_from = _day(_("Belongs to the household since"))
    field_order = ["relation", "name", "id_number"]


class HardshipForm(forms.Form):
    """Opening a file of difficulty."""

    grade = forms.ChoiceField(label=_("Grade"), choices=GRADES.items)
    cause = forms.CharField(label=_("Cause"), max_length=200, help_text=_("Seen by those who handle the case only."))
    entered_on = _day(_("Entered on"))
    review_due_on = _day(_("Review due on"))


class HardshipExitForm(forms.Form):
    """Closing a file of difficulty."""

    exited_on = _day(_("Left on"))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("What the fresh check found."))


class EmployerForm(_InUnionForm):
    """An employer."""

    name = forms.CharField(label=_("Name of the employer"), max_length=120)
    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=40)
    staff_count = forms.IntegerField(label=_("Staff"), required=False, min_value=0, max_value=2_000_000_000)
    in_zone = forms.BooleanField(label=_("In the high-tech zone, or a village workshop of it"), required=False)


class JobForm(forms.Form):
    """The start of a job."""

    credit_code = forms.CharField(label=_("Employer's credit code"), max_length=40)
    form = forms.ChoiceField(label=_("Kind of work"), choices=JOB_FORMS.items)
    started_on = _day(_("First day"))
    monthly_wage = forms.CharField(label=_("Monthly wage in yuan"), required=False, max_length=30)
    source = forms.CharField(
        label=_("Source"), max_length=60, help_text=_("Where this is known from: a contract, a roster, a bureau.")
    )

    def clean_monthly_wage(self) -> int | None:
        """The wage in fen."""
        text = self.cleaned_data["monthly_wage"].strip()
        try:
            return parse_yuan(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("Please give the amount in yuan, as 1180 or 1180.50.")) from None


class JobEndForm(forms.Form):
    """The end of a job."""

    ended_on = _day(_("Last day"))


class MoveForm(forms.Form):
    """Moving to another union."""

    to_union = forms.ChoiceField(label=_("New union"))
    on = _day(_("Moved on"))

    def __init__(self, *args: Any, unions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["to_union"]
        chosen.choices = list(unions)


class CoverageForm(_InUnionForm):
    """A register that was complete."""

    register = forms.ChoiceField(label=_("Register"), choices=register_choices)
    complete_on = _day(_("Complete on"))
    source = forms.CharField(
        label=_("Source"), max_length=80, help_text=_("Which comparison, survey or list shows it.")
    )
    evidence = forms.FileField(
        label=_("Paper that shows it"), required=False, help_text=_("A photograph or PDF, at most 10 MB.")
    )


class FactForm(forms.Form):
    """One fact: value in the shape of its type, with proof, date and source."""

    field_order = ["value", "proof", "true_on", "source"]
    proof = forms.ChoiceField(label=_("Known by"))
    true_on = _day(_("True on"))
    source = forms.CharField(label=_("Source"), max_length=80)

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(fact)
        self.order_fields(self.field_order)
        proof: Any = self.fields["proof"]
        proof.choices = [(level, words) for level, words in PROOFS.items() if level > 1]


def _value_field(fact: Fact) -> forms.Field:
    label = label_of(fact)
    if fact.type == "bool":
        return forms.ChoiceField(label=label, choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect)
    if fact.type == "code":
        return forms.ChoiceField(label=label, choices=[(code, value_text(fact, code)) for code in fact.codes])
    if fact.type == "date":
        return _day(label)
    hint = _("In yuan, as 1180 or 1180.50.") if fact.type == "fen" else ""
    return forms.CharField(
        label=label, max_length=30, help_text=hint, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )


class RevealForm(forms.Form):
    """The reason for a look at a number."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Kept with the look; the person can read it."),
        error_messages={"required": _("Please write the reason: it is kept with the look.")},
    )  # fmt: skip
