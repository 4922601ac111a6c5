"""What an officer fills in about checks by other bureaus and the authorities for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.people.bureaux.authorities import PURPOSE, Adult
from niangjia.people.bureaux.drafting import Asked
from niangjia.people.bureaux.suppliers import key_of
from niangjia.people.services.authorities import PaperMissing
from niangjia.people.shown import label_of

LACKING, TICKED = "lacking", "ticked"
_DAY = {
    "input_formats": ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
    "error_messages": {"invalid": _("Please give the date as 2026-08-03."), "required": _("Please fill in the date.")},
}


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget, **_DAY)  # type: ignore[arg-type]


class DraftForm(forms.Form):
    """A new batch: which of the bureau's facts; whom is chosen beside it."""

    union = forms.ChoiceField(label=_("Union"), help_text=_("The batch is about households and persons below it."))
    facts = forms.MultipleChoiceField(
        label=_("What the bureau is asked"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick at least one fact that this bureau can answer.")},
    )  # fmt: skip
    title = forms.CharField(label=_("What the batch is for"), max_length=120)
    # Only where more lack the fact than a page shows.
    whom = forms.ChoiceField(label=_("Who goes into the batch"), widget=forms.RadioSelect, initial=LACKING)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, asked: Asked, unions: Iterable[tuple[str, str]], everybody: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["facts"]
        chosen.choices = [(key_of(fact), label_of(fact)) for fact in asked.facts]
        union: Any = self.fields["union"]
        union.choices = list(unions)
        whom: Any = self.fields["whom"]
        whom.choices = [(LACKING, everybody), (TICKED, _("Only those ticked below"))]
        if not everybody:
            del self.fields["whom"]


class SendForm(forms.Form):
    """Sending a batch."""

    letter = forms.CharField(
        label=_("Number of the letter"), max_length=60, required=False,
        help_text=_("Of the letter that the file goes with; it stands in the file and with each answer."),
    )  # fmt: skip
    due_on = _day(_("Answer due on"), _("Ten working days from today, unless you agreed otherwise."))


class ConfirmForm(forms.Form):
    """The second person's sentence, where he sends it back."""

    note = forms.CharField(label=_("In one sentence: what is to be different"), max_length=300, required=False)


class CloseForm(forms.Form):
    """Why no answer is waited for any more."""

    why = forms.CharField(
        label=_("Why no answer is waited for any more"), max_length=200,
        help_text=_("Such as: asked twice by telephone, their system is being replaced until autumn."),
        error_messages={"required": _("Please write in one sentence why no answer is waited for any more.")},
    )  # fmt: skip


class AnswersForm(forms.Form):
    """The table that came back."""

    file = forms.FileField(
        label=_("Table"), help_text=_("As it is: .xlsx, .xls, or .csv in UTF-8 or GBK. At most 30 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.xlsm,.txt", "data-progress": ""}),
        error_messages={
            "required": _("Please choose the table."), "empty": _("The file is empty. Please choose it again."),
        },
    )  # fmt: skip
    paper = forms.CharField(
        label=_("Paper of the answer"), max_length=60, required=False,
        help_text=_("Its number, if it has one; each fact is kept with it."),
    )  # fmt: skip
    true_on = _day(_("True on"), _("The day the bureau looked into its register."))
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)


class AuthorityForm(forms.Form):
    """A signed authority with its scan."""

    signers = forms.MultipleChoiceField(
        label=_("Who signed"), widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each adult of the household signs for himself. Who has not signed may sign a paper of his own later."
        ),
        error_messages={"required": _("Please say who signed: each adult of the household signs for himself.")},
    )  # fmt: skip
    bureaus = forms.MultipleChoiceField(
        label=_("Bureaus that the paper names"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick the bureaus that the paper names.")},
    )  # fmt: skip
    purpose = forms.CharField(label=_("Purpose"), max_length=80, initial=PURPOSE)
    signed_on = _day(_("Signed on"))
    valid_until = _day(_("Valid until"))
    photographed = forms.ChoiceField(
        label=_("A photograph that filed itself"), required=False,
        help_text=_("By the square printed on the form. With it, nothing needs to be handed in again."),
    )  # fmt: skip
    paper = forms.FileField(
        label=_("The signed paper"), required=False, help_text=_("A photograph or a scan as PDF."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        error_messages={"required": PaperMissing.sentence, "empty": PaperMissing.sentence},
    )  # fmt: skip
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self,
        *args: Any,
        adults: Sequence[Adult],
        bureaus: Iterable[str],
        photographs: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        taken: Any = self.fields["photographed"]
        when = [one.filed_at.astimezone(clock.LOCAL) for one in photographs]
        taken.choices = [(one.public_id, f"{at:%Y-%m-%d %H:%M}") for one, at in zip(photographs, when, strict=True)]
        taken.choices += [("", _("none of these: I hand in a scan"))] if photographs else []
        if not photographs:
            taken.widget = forms.HiddenInput()
        signers: Any = self.fields["signers"]
        signers.choices = [(str(one.person_id), one.name) for one in adults]
        named: Any = self.fields["bureaus"]
        named.choices = [(name, name) for name in bureaus]
