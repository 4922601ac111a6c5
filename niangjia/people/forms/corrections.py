"""Putting right what stands in the register wrongly; each says what it rests on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.phones import masked
from niangjia.people.forms import EmployerForm, JobForm, _day, _PersonFields
from niangjia.people.models import Person
from niangjia.people.queries import mask_number


def _source() -> forms.CharField:
    return forms.CharField(
        label=_("What this rests on"), max_length=120,
        help_text=_("The identity card, a paper, a call. It is kept with the change."),
        error_messages={"required": _("Please say what this rests on: the card, a paper, a call.")},
    )  # fmt: skip


class PersonCorrectionForm(_PersonFields):
    """A person's entries as they should stand; numbers are not shown, so they are typed only to be changed."""

    drops_phone = forms.BooleanField(label=_("The telephone is not this person's: take it out"), required=False)
    source = _source()
    field_order = ["name", "id_number", "sex", "born_on", "phone", "drops_phone", "source"]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        told = {"name": person.name, "sex": person.sex, "born_on": person.born_on}
        super().__init__(*args, initial=told, **kwargs)
        self._keeps("id_number", mask_number(person.id_number) if person.id_number else "")
        self._keeps("phone", masked(person.phone) if person.phone else "")
        if not person.phone:
            del self.fields["drops_phone"]

    def _keeps(self, name: str, masked: str) -> None:
        if masked:
            self.fields[name].help_text = _("Leave it empty to keep %(number)s.") % {"number": masked}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        dropped = self.cleaned_data.get("drops_phone", False)
        return {**self.person_values(), "drops_phone": dropped, "source": self.cleaned_data["source"]}


class HouseholdCorrectionForm(forms.Form):
    """A household's address, and the cause where a file of difficulty is open."""

    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    cause = forms.CharField(label=_("Cause"), max_length=200, help_text=_("Seen by those who handle the case only."))
    source = _source()

    def __init__(self, *args: Any, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_file:
            del self.fields["cause"]


class EmployerCorrectionForm(EmployerForm):
    """An employer as it stands on its licence."""

    union = None  # type: ignore[assignment]  it stays where it is
    source = _source()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)


class JobCorrectionForm(JobForm):
    """A job as it was; who employed is another job."""

    credit_code = None  # type: ignore[assignment]
    ended_on = _day(_("Last day"), _("Empty while the job goes on."), required=False)
    removes = forms.BooleanField(label=_("Entered by mistake: take it out"), required=False)
    field_order = ["form", "started_on", "ended_on", "monthly_wage", "source", "removes"]


class MembershipForm(forms.Form):
    """Joining the union."""

    joined_on = _day(_("Joined on"))
    source = _source()


class MembershipCorrectionForm(MembershipForm):
    """The days of a membership, its end, or that it never was."""

    ended_on = _day(_("Ended on"), _("Empty while the membership goes on."), required=False)
    removes = forms.BooleanField(label=_("Entered by mistake: take it out"), required=False)
    field_order = ["joined_on", "ended_on", "source", "removes"]
