"""What is filled in at the window, by whoever answers, and by the person with the slip."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.cases.forms import day_field, words_field

_TEL: Any = {"inputmode": "tel", "autocomplete": "off"}


class ContactForm(forms.Form):
    """Whoever stands at the window: five fields."""

    name = forms.CharField(label=_("Name"), max_length=60, error_messages={"required": _("Please fill in the name.")})
    phone = forms.CharField(
        label=_("Mobile number"), max_length=40, widget=forms.TextInput(attrs=_TEL),
        error_messages={"required": _("Please fill in the mobile number: the answer goes there.")},
    )  # fmt: skip
    question = words_field(_("What the person asks"), _("Please write what the person asks for."))
    came_from = forms.CharField(
        label=_("Where from"), max_length=120, required=False,
        help_text=_("Works where, lives where, as the person says."),
    )  # fmt: skip
    said_union = forms.CharField(
        label=_("Union the person names"), max_length=60, required=False,
        help_text=_("A county, town or enterprise. Left empty, the matter still finds its union."),
    )  # fmt: skip
    due_on = day_field(_("Answer by"), _("Proposed: five working days from today. It stands on the person's slip."))
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)


class AnswerForm(forms.Form):
    """What the person was told."""

    sentence = forms.CharField(
        label=_("What you told the person, and how"), max_length=300,
        error_messages={"required": _("Please write in one sentence what you told the person, and how.")},
    )  # fmt: skip


class ReopenForm(forms.Form):
    """Why the answer does not hold."""

    sentence = forms.CharField(
        label=_("Why the answer does not hold"), max_length=300,
        error_messages={"required": _("Please write in one sentence why the answer does not hold.")},
    )  # fmt: skip


class PassOnForm(forms.Form):
    """To whom, and why."""

    to_union = forms.CharField(
        label=_("Union that handles it"), max_length=60,
        error_messages={"required": _("Please write which union handles it.")},
    )  # fmt: skip
    sentence = forms.CharField(
        label=_("Why it is passed on"), max_length=300,
        error_messages={"required": _("Please write in one sentence why it is passed on.")},
    )  # fmt: skip


class ProgressForm(forms.Form):
    """What stands on the slip."""

    number = forms.CharField(
        label=_("Number on the slip"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Please fill in the number on your slip.")},
    )  # fmt: skip
    tail = forms.CharField(
        label=_("Last 4 digits of the telephone"), max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Please fill in the last 4 digits of the telephone you gave.")},
    )  # fmt: skip
    nothing_done = _("Nothing was shown. Please look at this:")
