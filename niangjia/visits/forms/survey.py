"""The survey form: questions are registered facts of the household and its members, answered at the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.core.facts import Fact, facts
from niangjia.federation.scopes import Scope
from niangjia.people.queries import members_of
from niangjia.people.shown import label_of, value_text
from niangjia.people.values import from_form
from niangjia.visits.forms import PlainForm, day
from niangjia.visits.householdpage import PURPOSES, VERDICTS
from niangjia.visits.services.visits import Answer, Table


@dataclass(frozen=True)
class Question:
    """One question about one subject."""

    name: str  # of the form's field
    fact: Fact
    subject_id: int
    whom: str
    words: str


def questions_for(household_id: int, keys: Iterable[str], scope: Scope) -> list[Question]:
    """The questions of a standard for one household: of the household once, of persons for each member in scope."""
    wanted = [facts.get(key) for key in keys if key in facts and facts.get(key).recorded]
    found = [
        Question(f"household-{fact.code}", fact, household_id, "", _words(fact))
        for fact in wanted
        if fact.subject == "household"
    ]
    for member in members_of([household_id]):
        if not scope.reaches_union(member.person.union_id):
            continue
        found += [
            Question(f"{member.person.public_id}-{fact.code}", fact, member.person_id, member.person.name, _words(fact))
            for fact in wanted
            if fact.subject == "person"
        ]
    return found


def _words(fact: Fact) -> str:
    chinese = (translation.get_language() or "").startswith("zh")
    return (fact.question_zh if chinese else fact.question_en) or label_of(fact)


class VisitForm(PlainForm):
    """A visit; a question left open stays unknown, and no old answer is touched by it."""

    purpose = forms.ChoiceField(label=_("Why the visit"), choices=list(PURPOSES.items()))
    visited_on = day(_("Day of the visit"))
    verdict = forms.ChoiceField(
        label=_("What the visit found"), choices=list(VERDICTS.items()), widget=forms.RadioSelect
    )
    better_since = day(_("Better since"), _("The day it turned: work, a wage, a debt paid off."), required=False)
    note = forms.CharField(
        label=_("Seen and said"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(
        label=_("Photograph"), required=False,
        help_text=_("Of the filled-in form or the home. It stays private: each look at it is written down."),
    )  # fmt: skip
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.name] = _field(question)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of the questions."""
        return [self[question.name] for question in self.questions]

    def clean(self) -> dict[str, Any]:
        """Read each answer in the shape of its fact."""
        cleaned = super().clean() or {}
        self.answers: list[Answer] = []
        for question in self.questions:
            typed = cleaned.get(question.name)
            if typed in (None, ""):
                continue
            try:
                value = typed if question.fact.type == "date" else from_form(question.fact, str(typed))
            except Refusal as refusal:
                self.add_error(question.name, str(refusal.sentence))
            else:
                self.answers.append(Answer(question.fact.subject, question.subject_id, question.fact.code, value))
        return cleaned

    def table(self) -> Table:
        """What was brought from the visit."""
        said = self.cleaned_data
        return Table(
            said["purpose"], said["visited_on"], said["verdict"], said["better_since"], said["note"],
            tuple(self.answers),
        )  # fmt: skip


def _field(question: Question) -> forms.Field:
    fact, label = question.fact, f"{question.whom} · {question.words}" if question.whom else question.words
    not_asked: str | Promise = _("Not asked")
    if fact.type == "bool":
        choices = [("", not_asked), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)
    if fact.type == "code":
        codes = [(code, value_text(fact, code)) for code in fact.codes]
        return forms.ChoiceField(label=label, choices=[("", not_asked), *codes], required=False)
    if fact.type == "date":
        return day(label, required=False)
    hint = _("In yuan, as 1180 or 1180.50.") if fact.type == "fen" else ""
    return forms.CharField(
        label=label, max_length=30, help_text=hint, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
