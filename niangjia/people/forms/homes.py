"""What officers fill in about who belongs to a household: joining, leaving, another head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.people.dossier import PersonLine
from niangjia.people.forms import RELATIONS, _day
from niangjia.people.homesteps import REASONS, UNITING

MEMBER_RELATIONS = [pair for pair in RELATIONS.items() if pair[0] != "head"]


class OtherHomeForm(forms.Form):
    """Which household is meant, by its head."""

    nothing_done = _("No household is chosen yet. Please look at this:")
    head = forms.CharField(
        label=_("Head of the household"), max_length=60,
        help_text=_("The identity number, or the full name where only one head is called so."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class JoinForm(OtherHomeForm):
    """Into which household, as what, since when."""

    nothing_done = ""
    relation = forms.ChoiceField(label=_("Relation to the head"), choices=MEMBER_RELATIONS)
    valid_from = _day(_("Belongs to the household since"))


class LeaveForm(forms.Form):
    """Why somebody leaves a household, and on which day."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Please choose")), *REASONS.items()],
        help_text=_("Entered by mistake: the person is counted in this household on no day."),
    )  # fmt: skip
    on = _day(_("Belongs to the household until"))


class HeadForm(forms.Form):
    """Who heads the household from which day, and what each of the others is to that person."""

    head = forms.ChoiceField(label=_("New head"))
    on = _day(_("Heads the household from"))

    def __init__(self, *args: Any, members: Sequence[PersonLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        head: Any = self.fields["head"]
        head.choices = [("", _("Please choose")), *((one.place, one.person.name) for one in members if not _heads(one))]
        self._places = [one.place for one in members]
        for one in members:
            self.fields[f"relation-{one.place}"] = forms.ChoiceField(
                label=_("What %(name)s is to the new head") % {"name": one.person.name}, choices=MEMBER_RELATIONS,
                initial="other" if _heads(one) else one.relation, required=False,
            )  # fmt: skip

    def relations(self) -> dict[int, str]:
        """What each member is to the new head, by place."""
        told = {place: self.cleaned_data.get(f"relation-{place}") for place in self._places}
        return {place: relation for place, relation in told.items() if relation}


class UniteForm(forms.Form):
    """Since when two households are one and why, and what each who comes is to the head there."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Please choose")), *UNITING.items()])
    on = _day(_("One household since"))

    def __init__(self, *args: Any, members: Sequence[PersonLine], head: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = [one.place for one in members]
        for one in members:
            self.fields[f"relation-{one.place}"] = forms.ChoiceField(
                label=_("What %(name)s is to %(head)s") % {"name": one.person.name, "head": head},
                # What somebody was to the other head says nothing about this one.
                choices=[("", _("Please choose")), *MEMBER_RELATIONS],
            )  # fmt: skip

    def relations(self) -> dict[int, str]:
        """What each who comes is to the head of the household that remains, by place."""
        return {place: self.cleaned_data[f"relation-{place}"] for place in self._places}


def _heads(line: PersonLine) -> bool:
    return line.relation == "head"
