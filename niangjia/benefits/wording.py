"""Counts, money and suppliers in the page's language: no blank between 汉字 and digits, one in English."""

from __future__ import annotations

from django.utils.translation import get_language, gettext as _

from niangjia.benefits.status import day_in_words
from niangjia.core.facts import facts
from niangjia.core.money import yuan
from niangjia.federation.listing.units import Count
from niangjia.policy.queries import StandingRow, VersionCard


def language() -> str:
    """zh or en, as the page is."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def counted(number: int, unit: str) -> str:
    """A number with its unit: 61户, or 1 household."""
    return str(Count(number, unit))


def unit_of(card: VersionCard) -> str:
    """The code of the unit that a programme's subjects are counted in."""
    return "body" if card.subject == "union" else card.subject


def money(fen: int) -> str:
    """Fen as 2,000.00元, or 2,000.00 yuan."""
    return counted_text(yuan(fen), _("yuan"))


def reminder_of(card: VersionCard, asked: StandingRow, many: str) -> str:
    """A message to copy to whoever can supply what a group lacks; what is sensitive is not named in it."""
    if asked.supplier == "person":
        told = _(
            "One thing is missing before your family can get something from the union. Please log in to Niangjia: "
            "To do says what it is, and a photograph will do."
        )
        return told + (_(" It counts until %(day)s.") % {"day": day_in_words(card.valid_to)} if card.valid_to else "")
    sensitive = asked.ask in facts and facts.get(asked.ask).sensitive
    return _("%(document)s: one fact is missing for %(many)s: %(fact)s (%(who)s). The list is in Niangjia.") % {
        "document": card.document_number, "many": many, "who": supplier_words(asked.supplier),
        "fact": _("see there") if sensitive else asked.ask_label,
    }  # fmt: skip


def counted_text(number: str, unit: str) -> str:
    """A number that is already written, with its unit."""
    return f"{number}{unit}" if language() == "zh" else f"{number} {unit}"


def met_words(card: VersionCard, subjects: int, households: int) -> str:
    """How many meet a rule, households first where there are any: 61户67人, 28户, 12家."""
    if not by_household(card, households):
        return counted(subjects, unit_of(card))
    found = counted(households, "household")
    if card.subject == "household":
        return found
    persons = counted(subjects, unit_of(card))
    return f"{found}{persons}" if language() == "zh" else f"{found}, {persons}"


def first_unit(card: VersionCard, households: int) -> str:
    """The unit of those never served before, by its code: households where there are any."""
    return "household" if by_household(card, households) else unit_of(card)


def by_household(card: VersionCard, households: int) -> bool:
    """Whether a list is counted in households first."""
    return card.subject in {"person", "household"} and households > 0


def budget_words(budget_fen: int | None, used_fen: int) -> str:
    """What is left of a budget, or by how much it is exceeded; empty without one."""
    if budget_fen is None:
        return ""
    words = {"left": yuan(abs(budget_fen - used_fen)), "budget": yuan(budget_fen)}
    if used_fen > budget_fen:
        return _("%(left)s yuan over the budget of %(budget)s yuan") % words
    return _("%(left)s yuan left of %(budget)s yuan") % words


def supplier_words(supplier: str) -> str:
    """Who can answer: 本人能答, 民政局能答."""
    kind, _separator, bureau = supplier.partition(":")
    if kind == "bureau":
        return _("%(bureau)s can answer") % {"bureau": bureau}
    words = {
        "person": _("the person can answer"), "employer": _("the employer can answer"),
        "visit": _("a visit can answer"), "registry": _("the register can answer"),
    }  # fmt: skip
    return words.get(kind, words["registry"])


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a notice without its headings; lines of one paragraph run on."""
    joint = "" if language() == "zh" else " "
    blocks = [[line.strip() for line in block.splitlines() if not line.startswith("#")] for block in text.split("\n\n")]
    return [joint.join(lines) for lines in blocks if any(lines)]
