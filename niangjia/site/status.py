"""The status words: one set for worker, officer and print; symbol, word and colour, always all three.

Computed is not decided: `yes` says that the rules are met so far, and promises nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class StatusWord:
    """One status: its colour (yes, ask, no, go, late), symbol and word; `with_day` and `with_days` carry a blank."""

    code: str
    colour: str
    symbol: str
    word: str | Promise
    with_day: str | Promise = ""
    with_days: str | Promise = ""


# The word of a condition's mark.
MARK_WORDS: dict[str, str | Promise] = {
    "yes": _("met"),
    "ask": _("not known yet"),
    "no": _("not met"),
    "go": _("under way"),
    "late": _("late"),
}

status_words: Registry[StatusWord] = Registry("status words")
for _word in (
    StatusWord("yes", "yes", "✓", _("Meets the rules so far")),
    StatusWord("verify", "go", "…", _("To be checked")),
    StatusWord("ask", "ask", "?", _("One thing missing")),
    StatusWord("no", "no", "–", _("Not met for now")),
    StatusWord("near", "ask", "≈", _("Near miss")),
    StatusWord("hold", "no", "‖", _("On hold")),
    StatusWord("notice", "go", "…", _("Public notice"), _("Public notice · until %(day)s")),
    StatusWord("approved", "yes", "✓", _("Approved")),
    StatusWord("served", "yes", "✓", _("Delivered"), _("Delivered · %(day)s")),
    StatusWord("returned", "late", "!", _("Returned, being sent again")),
    StatusWord("ended", "no", "–", _("No longer met"), _("No longer met · since %(day)s")),
    StatusWord(
        "overdue",
        "late",
        "!",
        _("Overdue"),
        with_days=ngettext_lazy("%(days)s working day overdue", "%(days)s working days overdue", "days"),
    ),
):
    status_words.register(_word.code, _word)
