"""Why something cannot be done with a version as it stands, in words for whom must act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.engines import rules


class RecipeBroken(Refusal):
    """The folder has faults; the first is told with its place."""


class TextBroken(Refusal):
    """What was filled in makes the rule unreadable."""


class DraftExists(Refusal):
    """One draft of a programme at a time."""

    sentence = _("There is already a draft of this programme. Nothing was copied; go on with that draft.")


class NotADraft(Refusal):
    """The text stands still."""

    sentence = _("This version is published or waits for confirmation, so its text stands still. Nothing was changed.")


class ChangedMeanwhile(Refusal):
    """Two people filled in the same draft."""

    sentence = _("A colleague changed this draft at the same time. Nothing of yours was saved; look at it again.")


class AlreadyAsked(Refusal):
    """It waits already."""

    sentence = _("This version already waits for confirmation. Nothing was sent twice.")


class NumberUnknown(Refusal):
    """The programme has no such number."""

    sentence = _("This programme has no such number. Nothing was saved.")


class ChoiceUnknown(Refusal):
    """The paper does not offer this choice."""

    sentence = _("Please choose one of the offered answers. Nothing was saved.")


class DatesBackwards(Refusal):
    """The last day lies before the first."""

    sentence = _("The last day lies before the first. Nothing was saved; correct one of the two dates.")


class BudgetNotPositive(Refusal):
    """Nothing can be given from nothing."""

    sentence = _("The budget must be more than 0 yuan, or stay empty. Nothing was saved.")


class MeetingAhead(Refusal):
    """Nobody has decided it yet."""

    sentence = _("The meeting lies in the future. Enter the day on which it was held.")


class NothingGiven(Refusal):
    """What the programme gives would be 0."""

    sentence = _("This is what the programme gives: it must be more than 0 yuan, or stay empty for now.")


class NumbersBeginLater(Refusal):
    """The dates were moved to before the first day of a number of the text."""

    def __init__(self, first: date) -> None:
        words = _("The numbers of this text hold from {day} on: choose a first day not before it.")
        text = format_lazy(words, day=first)
        super().__init__(text, field="valid_from")


class NothingToTry(Refusal):
    """Numbers are missing, so nothing can be computed."""


class NotPublished(Refusal):
    """Only what is published can be taken back."""

    sentence = _("Only a published programme can be taken back. Nothing was changed.")


class ReasonMissing(Refusal):
    """One sentence is asked for."""

    sentence = _("Please write one sentence: what is not as in the document, and what should be done.")


class NotReady(Refusal):
    """What is still missing before anybody can be asked to confirm."""

    def __init__(self, gaps: Sequence[tuple[str, str | Promise]]) -> None:
        self.gaps = tuple(gaps)
        field, sentence = self.gaps[0]
        super().__init__(sentence, field=field)


def first_problem(error: rules.RuleErrors) -> str:
    """The first fault of a rule text as a sentence with its place and what to do."""
    found = error.problems[0]
    if (translation.get_language() or "").startswith("zh"):
        return f"{found.file}第{found.line}行：{found.message_zh}{found.advice_zh}"
    return f"{found.file}, line {found.line}: {found.message_en} {found.advice_en}"
