"""What is filled in about a stay: the day, wishes, gifts, needs, quotes, the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niangjia.cases.forms import day_field, words_field
from niangjia.cases.needs import CODES, INDUSTRIES, STATES

ANSWERS = [(code, words) for code, (_colour, words) in STATES.items() if code != "open"]


class StayForm(forms.Form):
    """A day at a site, planned or over."""

    site = forms.CharField(label=_("Site"), max_length=120, error_messages={"required": _("Please write where it is.")})
    industry = forms.ChoiceField(label=_("Industry"), choices=list(INDUSTRIES.items()))
    on = day_field(_("Day of the stay"))
    diary = words_field(_("Diary"), help_text=_("Can be written later."), rows=6)


class DiaryForm(forms.Form):
    """The diary."""

    diary = forms.CharField(
        label=_("Diary"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class WishesForm(forms.Form):
    """One line per person."""

    gifts = words_field(
        _("What each one would like"), _("Please write one line per person."),
        _("One line per person, without a name: a towel, a pair of gloves."), rows=6,
    )  # fmt: skip


class OrderForm(forms.Form):
    """How the gifts follow the wishes."""

    gifts_by = forms.ChoiceField(
        label=_("Order"), widget=forms.RadioSelect,
        choices=[("individual", _("For each what he wished for")), ("majority", _("For all what most wished for"))],
    )  # fmt: skip


class NeedForm(forms.Form):
    """A need, who sees to it, until when."""

    code = forms.ChoiceField(label=_("Kind of need"), choices=[(code, words) for code, (_way, words) in CODES.items()])
    words = words_field(_("In their words"), _("Please write what is needed."))
    owner = forms.ChoiceField(label=_("Who sees to it"))
    due_on = day_field(_("Until"))

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.choices = list(owners)


class QuoteForm(forms.Form):
    """What somebody said."""

    words = forms.CharField(
        label=_("What one of them said"), max_length=300, help_text=_("Without anything that tells who."),
        error_messages={"required": _("Please write what was said.")},
    )  # fmt: skip


class TellForm(forms.Form):
    """How the site was told."""

    how = forms.CharField(
        label=_("How the site was told"), max_length=200, help_text=_("Such as: the sheet put up at the station."),
        error_messages={"required": _("Please write how the site was told.")},
    )  # fmt: skip


class FollowUpForm(forms.Form):
    """What becomes of a need."""

    state = forms.ChoiceField(label=_("State"), choices=ANSWERS)
    outcome = forms.CharField(
        label=_("What became of it"), max_length=300, help_text=_("The site reads this sentence."),
        error_messages={"required": _("Please write in one sentence what became of it.")},
    )  # fmt: skip
