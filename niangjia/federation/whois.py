"""Which file of the register an officer is: asked when a role is given, and kept by the room that has the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core.registries import Registry
from niangjia.federation.forms.rights import AppointForm, chosen

NONE, LATER = "none", "later"
Answers = list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class WhoBook:
    """The register of a room above.

    `answers` gives the files an officer may be, for the giver, the log-in name, the name and a number typed, or None
    where it is not asked: said before, or the giver may not read files. `say` writes an answer down.
    """

    answers: Callable[[User, str, str, str], Answers | None]
    say: Callable[[User, str, str, User], object]  # who it is about, answer, what it rests on, who says it


who_books: Registry[WhoBook] = Registry("registers that officers may stand in")


def answered(form: AppointForm, giver: User) -> bool:
    """Whether a form in order also says who the officer is; where it is to be asked, the form shows it next."""
    values = form.cleaned_data
    number = str(form.data.get("number", "")).strip()
    found = [book.answers(giver, values["username"], values["name"], number) for book in who_books.all()]
    answers = next((one for one in found if one is not None), None)
    if answers is None:
        return True
    form.fields["who"], form.fields["number"] = who_field(answers), number_field()
    form.order_fields(["who", "number"])  # what is asked now stands first
    if "who" not in form.data or "look" in form.data:
        return False
    form.full_clean()
    return form.is_valid()


def number_field() -> forms.CharField:
    """Finds the one file with exactly this number."""
    return forms.CharField(
        label=_("Identity number or telephone, if the file is not shown"), max_length=40, required=False,
        help_text=_(
            "From the card. Press “Look it up”: the file with exactly this number is shown, if you look after it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def who_field(answers: Answers) -> forms.ChoiceField:
    """The files found, and the two answers that are none."""
    return forms.ChoiceField(
        label=_("Which file in the register is this officer?"), choices=answers, widget=forms.RadioSelect,
        help_text=_("Nobody decides about himself: what concerns this person or the household is left to a colleague."),
        error_messages=chosen(_("Please choose the file, or say that there is none.")),
    )  # fmt: skip


def say(*, user: User, answer: str, source: str, acting_user: User) -> None:
    """Write down who an officer is, where somebody said it. System act: part of giving a role."""
    if answer and answer != LATER:
        for book in who_books.all():
            book.say(user, answer, source, acting_user)
