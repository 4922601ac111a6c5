"""What is filled in to give a role, take it back, name a deputy, or change one's password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or above the form."""
    field: Any = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.sentence))


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A date, as a calendar where there is one and as text everywhere."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("Please give the date as 2026-08-03."),
            "required": _("Please fill in the date."),
        },
    )


def _username() -> forms.CharField:
    return forms.CharField(
        label=_("Log-in name"),
        max_length=80,
        error_messages={"required": _("Please fill in the log-in name.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


def chosen(sentence: Any) -> dict[str, Any]:
    """One sentence for a choice that was not made and for one that is none."""
    return {"required": sentence, "invalid_choice": sentence}


class AppointForm(forms.Form):
    """Who is to have which role, where and until when."""

    username = _username()
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("As it stands on papers. If the account exists, it must be that account's name."),
        error_messages={"required": _("Please fill in the name.")},
    )
    post = forms.CharField(
        label=_("Post"), max_length=60, required=False, help_text=_("Stands under the name on pages and papers.")
    )
    role = forms.ChoiceField(label=_("Role"), error_messages=chosen(_("Please choose the role.")))
    union = forms.ChoiceField(
        label=_("Union"),
        help_text=_("The role reaches this union and all below it."),
        error_messages=chosen(_("Please choose the union.")),
    )
    programme = forms.ChoiceField(
        label=_("Only for one programme"), required=False,
        help_text=_("Left empty, the role counts for everything. With a programme, only for its lists."),
        error_messages=chosen(_("Please choose the programme.")),
    )  # fmt: skip
    until = day_field(_("Last day"), _("No role is for ever; an outside assessor's lasts at most 90 days."))
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Kept in the audit trail: a document, a change of post, a leave."),
        error_messages={"required": _("Please say why.")},
    )

    def __init__(
        self, *args: Any, roles: Iterable[tuple[str, Any]], unions: Iterable[tuple[str, str]],
        programmes: Iterable[tuple[str, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        programme: Any = self.fields["programme"]
        programme.choices = [("", _("All programmes")), *programmes]
        role: Any = self.fields["role"]
        union: Any = self.fields["union"]
        role.choices, union.choices = [("", ""), *roles], [("", ""), *unions]


class TakeBackForm(forms.Form):
    """Why a role is taken back."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Kept in the audit trail: left the post, end of the task, given by mistake."),
        error_messages={"required": _("Please say why.")},
    )


class DeputyForm(forms.Form):
    """Who stands in, from when to when."""

    username = _username()
    first = day_field(_("First day"))
    last = day_field(_("Last day"), _("At most 60 days. You keep the role yourself."))


class PasswordChangeForm(forms.Form):
    """The present password, and the new one twice."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please fill in your password.")},
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters; a short sentence is easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please fill in the new password.")},
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please fill in the new password once more.")},
    )

    def clean_again(self) -> str:
        """The same twice."""
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("The two new passwords differ."))
        return str(self.cleaned_data["again"])
