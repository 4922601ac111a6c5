"""The words for how a matter stands: one set for worker, officer and print, always symbol, word and colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy as _

from niangjia.benefits.models import FrozenList, ListRow
from niangjia.core import clock

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_in_words(day: date) -> str:
    """A date in running text of the page's language: 8月3日, with the year when it is not this one."""
    year = "" if day.year == clock.today().year else str(day.year)
    if (get_language() or "").startswith("zh"):
        return f"{year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {year}".rstrip()


@dataclass(frozen=True)
class Status:
    """One state: symbol, text and colour (yes, ask, no, go, late); `rank` says what is further along."""

    code: str
    symbol: str
    text: str | Promise
    colour: str
    rank: int = 0
    when: date | None = None

    @property
    def word(self) -> str:
        """The word in the page's language, with its day where it has one."""
        return str(self.text) if self.when is None else str(self.text) % {"day": day_in_words(self.when)}

    def __str__(self) -> str:
        return f"{self.symbol}{self.word}"


YES = Status("yes", "✓", _("Meets the rules so far"), "yes", 10)
VERIFY = Status("verify", "…", _("To be checked"), "go", 5)
ONE_MISSING = Status("ask", "?", _("One thing missing"), "ask", 4)
MORE_MISSING = Status("ask_more", "?", _("Several things missing"), "ask", 3)
NO = Status("no", "–", _("Not met for now"), "no", 1)
NEAR = Status("near", "≈", _("Near miss"), "ask", 2)
HOLD = Status("hold", "‖", _("On hold"), "no", 6)
USED_UP = Status("used_up", "–", _("The limit is used up"), "no", 6)
FROZEN = Status("frozen", "…", _("On a frozen list"), "go", 11)
NOTICE_OVER = Status("notice_over", "…", _("Notice over, waiting for approval"), "go", 13)
APPROVED = Status("approved", "✓", _("Approved"), "yes", 14)
OFF = Status("off", "–", _("Taken off the list"), "no", 0)
TAKEN_BACK = Status("taken_back", "–", _("List taken back"), "no", 0)
RETURNED = Status("returned", "!", _("Returned, being sent again"), "late", 15)

_OF_TAB = {
    "yes": YES, "confirm": VERIFY, "one_missing": ONE_MISSING, "more_missing": MORE_MISSING, "near": NEAR, "no": NO,
}  # fmt: skip


def of_tab(tab: str, changed_at: datetime | None = None) -> Status:
    """The state of a computed decision; computed is not decided, so it goes no further than 初步符合."""
    if tab == "no_longer":
        day = changed_at.astimezone(clock.LOCAL).date() if changed_at else clock.today()
        return Status("ended", "–", _("No longer met · since %(day)s"), "no", 1, day)
    return _OF_TAB[tab]


def on_notice(ends_on: date) -> Status:
    """On the wall until this day."""
    return Status("notice", "…", _("Public notice · until %(day)s"), "go", 12, ends_on)


def served(on: date) -> Status:
    """Handed out on this day."""
    return Status("served", "✓", _("Delivered · %(day)s"), "yes", 16, on)


def handed_out(rows: int, served: int) -> Status:
    """A list of which something was handed out: all of it, or so many of so many."""
    if served >= rows:
        return Status("served", "✓", _("Delivered"), "yes", 16)
    words = gettext("%(served)s of %(rows)s delivered") % {"served": f"{served:,}", "rows": f"{rows:,}"}
    return Status("serving", "…", words, "go", 15)


def of_list(frozen: FrozenList, *, rows: int = 0, served: int = 0) -> Status:
    """How a frozen list stands; its notice, confirmation and cancellation are already loaded.

    Told how many live rows it has and how many were handed out, it also says how far that is.
    """
    notice = getattr(frozen, "notice", None)
    if getattr(frozen, "cancellation", None) is not None:
        return TAKEN_BACK
    if notice is not None and clock.today() <= notice.ends_on:
        return on_notice(notice.ends_on)
    if getattr(frozen, "confirmation", None) is not None:
        return handed_out(rows, served) if served else APPROVED
    return FROZEN if notice is None else NOTICE_OVER


def of_row(row: ListRow, frozen: FrozenList, *, held: bool = False) -> Status:
    """How one row of a list stands; `row.servings` with their endings are already loaded."""
    if row.excluded_at is not None:
        return OFF
    servings = sorted(row.servings.all(), key=lambda serving: serving.pk)
    if servings:
        ending = getattr(servings[-1], "ending", None)
        if ending is None:
            return served(servings[-1].served_on)
        if ending.how == "returned":
            return RETURNED
    return HOLD if held else of_list(frozen)


def of_own(tab: str, changed_at: datetime | None = None) -> Status:
    """The same for the person concerned: a near miss is the officer's word, to him it is not met for now."""
    return NO if tab == "near" else of_tab(tab, changed_at)


def for_worker(status: Status, *, released: bool) -> Status:
    """What the person may be told: nothing beyond 初步符合 before the officer released the list."""
    told = released and status.code not in {"frozen", "off", "taken_back", "hold"}
    return status if told else YES
