"""What a person fills in about what is kept of him, and an officer in answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.people.mine import ENTRY_NAMES


class CorrectionForm(forms.Form):
    """What is wrong, what should stand there, and a paper that shows it."""

    what = forms.ChoiceField(
        label=_("What is wrong"), choices=[("", _("Please choose")), *ENTRY_NAMES.items()],
        error_messages={"required": _("Please say which entry is wrong.")},
    )  # fmt: skip
    wanted = forms.CharField(
        label=_("What should stand there"), max_length=200,
        error_messages={"required": _("Please write what should stand there.")},
    )  # fmt: skip
    says = forms.CharField(label=_("How it came about"), max_length=300, required=False)
    photograph = forms.FileField(label=_("Photograph of a paper that shows it"), required=False)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)
    whose = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)


class ErasureForm(forms.Form):
    """A wish to be deleted, with or without a word why."""

    says = forms.CharField(label=_("A word to the officer"), max_length=300, required=False)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)


class DeskErasureForm(ErasureForm):
    """The same at the window, with the signed request."""

    photograph = forms.FileField(
        label=_("Photograph of the signed request"),
        error_messages={"required": _("Please attach a photograph of the request with the person's signature.")},
    )
    field_order = ["photograph", "says"]


class MandateForm(forms.Form):
    """Which member of the household may act for me."""

    deputy = forms.ChoiceField(label=_("Who may act for me"), widget=forms.RadioSelect)

    def __init__(self, *args: object, members: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["deputy"].choices = members  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The officer's answer in one sentence."""

    note = forms.CharField(
        label=_("One sentence for the person"), max_length=300, required=False,
        help_text=_("Needed when it stays as it is: why, and what the person can do."),
    )  # fmt: skip


class ConsentForm(forms.Form):
    """An answer that came on paper or at the window."""

    purpose = forms.ChoiceField(label=_("For what"))
    given = forms.ChoiceField(label=_("Answer"), choices=[("yes", _("Consent given")), ("no", _("Consent taken back"))])
    way = forms.ChoiceField(label=_("How"), choices=[("paper", _("On a signed paper")), ("window", _("At the window"))])
    photograph = forms.FileField(label=_("Photograph of the signed paper"), required=False)
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: object, purposes: list[tuple[str, object]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]


class DeskMandateForm(MandateForm):
    """A mandate that came on paper or at the window."""

    way = forms.ChoiceField(label=_("How"), choices=[("window", _("At the window")), ("paper", _("On a signed paper"))])
    photograph = forms.FileField(label=_("Photograph of the signed paper"), required=False)


class CopyForm(forms.Form):
    """Why the copy is printed for somebody at the window."""

    reason = forms.CharField(
        label=_("Why, and how you know that it is the person"),
        max_length=200,
        error_messages={"required": _("Please say why.")},
    )
