"""The figures over a list: each with its unit, open to its rows, and all of them as one sentence to copy."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from niangjia.benefits.listpage import MET, PLACED, Filters, ListPage
from niangjia.benefits.status import day_in_words
from niangjia.benefits.wording import budget_words, by_household, counted, first_unit, met_words, unit_of
from niangjia.core import clock
from niangjia.core.money import yuan
from niangjia.federation.listing.units import word_of
from niangjia.federation.queries import unions_in
from niangjia.federation.scopes import Scope
from niangjia.policy import queries as policy


def figures_of(found: ListPage) -> list[dict[str, Any]]:
    """Three numbers, each with its unit and open to its list."""
    here, unit = reverse("desk_list", args=[found.card.public_id]), first_unit(found.card, found.households)
    people = len(found.met)
    met, note = people, ""
    if by_household(found.card, found.households):
        met = found.households
        note = counted(people, unit_of(found.card)) if found.card.subject == "person" else ""
    note = " · ".join(part for part in (note, found.held_words) if part)
    numbers = [
        {
            "label": _("Meet the rule"),
            "value": f"{met:,}",
            "unit": word_of(met, unit),
            "note": note,
            "url": f"{here}?tab={MET}",
            "counted": people,
        },
        {
            "label": _("Never served before"),
            "value": f"{found.first_timers:,}",
            "unit": word_of(found.first_timers, unit),
            "url": f"{here}?tab={MET}&first=1",
            "counted": sum(one.first_time for one in found.met),
        },
    ]
    numbers += place_figure(found, here)
    if found.gives_money:
        note = (budget_words(found.card.budget_fen, found.total_fen) or _("No budget was set.")) if found.whole else ""
        numbers.append(
            {
                "label": _("Money"),
                "value": yuan(found.total_fen),
                "unit": _("yuan"),
                "url": f"{here}?tab={MET}",
                "note": note,
            }
        )
    return numbers


def place_figure(found: ListPage, here: str) -> list[dict[str, Any]]:
    """The places, and how many wait for one; nothing where they are not limited."""
    if found.quotas is not None:
        left = found.quotas.left
        note = _("%(n)s left over") % {"n": f"{left:,}"} if left else ""
        value = f"{found.quotas.number:,}"
        return [{"label": _("Places"), "value": value, "unit": _("places"), "note": note, "url": here}]
    if found.places is None:
        return []
    shared = found.places.found
    waiting = len(shared.waiting) + len(shared.drawn) - shared.left
    note = _("%(n)s wait") % {"n": counted(waiting, unit_of(found.card))} if waiting else ""
    value = f"{found.places.rule.number:,}"
    url = f"{here}?tab=yes&place={PLACED}"
    return [{"label": _("Places"), "value": value, "unit": _("places"), "note": note, "url": url}]


def sentence_of(found: ListPage) -> str:
    """复制成一句话: the figures as one sentence, with cut-off, area and definition."""
    moment = clock.now().astimezone(clock.LOCAL)
    words = {
        "day": day_in_words(moment.date()), "time": f"{moment:%H:%M}",
        "area": area_of(found.scope, found.card, whole=found.whole),
        "programme": found.card.name, "document": found.card.document_number or _("no document number"),
        "count": met_words(found.card, len(found.met), found.households),
        "first": counted(found.first_timers, first_unit(found.card, found.households)), "total": yuan(found.total_fen),
    }  # fmt: skip
    text = (
        _(
            "As of %(time)s on %(day)s, %(area)s: %(programme)s (%(document)s) is met by %(count)s, "
            "of whom %(first)s were never served before"
        )
        % words
    )
    if found.gives_money:
        text += _("; %(total)s yuan in all") % words
    if found.held:
        text += _("; %(held)s") % {"held": found.held_words}
    return text + _(
        ". Definition: worked out by the rule from today's registers, each entitlement counted once, "
        "nothing decided yet."
    )


def told_of(found: ListPage) -> str:
    """The same where the page stands as it opens; narrowed, the list's own count is what is passed on."""
    return sentence_of(found) if found.filters == Filters() else ""


def area_of(scope: Scope, card: policy.VersionCard, *, whole: bool) -> str:
    """Whose figures these are: the whole area of the programme, or the officer's own part of it."""
    if whole:
        return policy.union_name(card.owner_union_id)
    return _(", ").join(str(union) for union in unions_in(scope).filter(pk__in=scope.roots))
