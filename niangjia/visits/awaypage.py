"""What the pages of survey forms taken along say and hand out; the page itself is a shell without anybody in it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.listing.house import ids_of_town
from niangjia.federation.queries import towns_in
from niangjia.federation.scopes import Scope
from niangjia.people import queries as people
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries
from niangjia.visits.forms.away import AwayForm
from niangjia.visits.forms.survey import questions_for
from niangjia.visits.models import Campaign
from niangjia.visits.services.away import KEPT, MOST_TAKEN, Taken
from niangjia.visits.services.visits import BetterSinceWhen, VerdictMissing

STYLES = tuple(f"site/css/{name}.css" for name in ("tokens", "base", "layout", "parts", "pages", "print"))
SCRIPTS = ("site/js/upload.js", "visits/js/away-keep.js", "visits/js/away-send.js", "visits/js/away.js")
PICTURES = ("site/img/mark.svg",)
# So many files of a re-check are offered at once; the town narrows them down.
SHOWN = 100
# The words that the script says; what stands in square brackets it fills in.
WORDS: dict[str, str | Promise] = {
    "wrong": _("That is not the PIN of this device."),
    "wait": _("Too many wrong tries. The next one in [seconds] seconds."),
    "weak": _("A PIN has at least six characters, and is no row like 123456 or 111111."),
    "differ": _("The two are not the same."),
    "full": _("At most 20 households go along on one device; on it already: [number]."),
    "twice": _("[name] is on this device already. Send or remove it first."),
    "another": _("Another account's households are on this device. They are sent or removed first."),
    "taking": _("Taking along…"),
    "offline": _("There is no network. What you fill in stays on this device and is sent later."),
    "logged_out": _("You are logged out. Nothing is lost: log in, then send."),
    "other_account": _(
        "You are logged in as somebody else than who took these along. Nothing was sent, nothing is lost."
    ),
    "not_sent": _("It could not be sent just now. Nothing is lost; try again later."),
    "not_found": _(
        "This household is not found any more, or not yours to visit: it may have moved to another union, or your "
        "duties changed. Nothing was recorded; your answers are kept. Copy them out as text."
    ),
    "arrived": _(
        "It had arrived before you changed it: what arrived is recorded, what you changed since is not. Copy your "
        "answers out, look at the visit, and record what is missing as another one."
    ),
    "too_large": _("The photograph is too large for the network here. Choose a smaller one."),
    "sending": _("Sending…"),
    "all_sent": _("Everything that was done is sent, and gone from this device."),
    "came_back": _("Look at what is marked below."),
    "until": _("on this device until [day]"),
    "expiring": _("On [day] answers that were not sent are deleted from this device. Send them before."),
    "expired": _("Their time was over. Households deleted from this device: [number], of them unsent: [unsent]."),
    "ready": _("This page opens without a network from now on."),
    "not_ready": _("Not ready yet: stay on this page while there is a network."),
    "colon": _(": "),
    "fill": _("Fill in"),
    "go_on": _("Go on"),
    "look": _("Look at it"),
    "sent": _("Sent: [name]"),
    "saved": _("Kept on this device."),
    "not_kept": _("It could not be kept: this device has no room left. Send or remove something first."),
    "place_kept": _("Kept: within [metres] metres."),
    "place_none": _("Not kept."),
    "place_asking": _("Looking where this is…"),
    "place_failed": _("This device does not say where it is. The visit can be recorded without it."),
    "picture_kept": _("Kept, [size]."),
    "picture_none": _("None."),
    "picture_wrong": _("This is no photograph that can be kept."),
    "fen": _("Please give the amount in yuan, as 1180 or 1180.50."),
    "int": _("Please give a whole number."),
    "verdict": VerdictMissing.sentence,
    "since": BetterSinceWhen.sentence,
    "copied": _("Copied. Paste it somewhere safe."),
    "sure": _("Press once more to remove it for good."),
    "sure_unsent": _("Households with answers that were not sent: [number]. Press once more to remove them for good."),
    "removed": _("Nothing is left on this device."),
    "locked": _("Locked. What you filled in is kept."),
}


@dataclass(frozen=True)
class Choice:
    """A household that may go along."""

    card: SubjectCard
    checked: bool


def choices(scope: Scope, campaign: Campaign | None, household_id: str, town: str) -> list[Choice]:
    """The households offered: those of a re-check that wait, or the one whose page it was."""
    if household_id:
        ids = [people.household_by_public_id(scope, household_id).pk]
    elif campaign is not None:
        rows = queries.campaign_files(scope, campaign).filter(visit__isnull=True, household__closed_on__isnull=True)
        rows = rows.filter(household__union_id__in=ids_of_town(town)) if town else rows
        ids = list(rows.values_list("household_id", flat=True)[:SHOWN])
    else:
        return []
    cards = subject_cards("household", ids, today=clock.today())
    return [Choice(cards[pk], bool(household_id)) for pk in ids]


def chooser(scope: Scope, campaign_id: str, household_id: str, town: str) -> dict[str, Any]:
    """What the page says on which an officer chooses whom he takes along."""
    campaign = queries.campaign_in(scope, campaign_id) if campaign_id else None
    found = choices(scope, campaign, household_id, town)
    return {
        "choices": found, "campaign": campaign, "town": town, "more": len(found) == SHOWN, "most": MOST_TAKEN,
        "towns": towns_in(scope).values_list("public_id", "name") if campaign else [],
        "campaigns": [] if found or campaign else list(queries.campaigns_in(scope).filter(due_on__gte=clock.today())),
        "words": words(), "days": KEPT.days,
    }  # fmt: skip


def words() -> dict[str, str]:
    """The words of the scripts in the reader's language."""
    return {name: str(sentence) for name, sentence in WORDS.items()}


def packed(taken: Collection[Taken], scope: Scope) -> list[dict[str, str]]:
    """The forms as they travel: what the table needs, and no number of anybody."""
    return [_packed(one, scope) for one in taken]


def _packed(one: Taken, scope: Scope) -> dict[str, str]:
    household = one.household
    _standard, rules = queries.standard_for(household.union_id, clock.today())
    questions = questions_for(household.pk, rules.questions, scope)
    initial = {"visited_on": clock.today(), "verdict": "open", "purpose": _purpose(household.pk)}
    card = subject_cards("household", [household.pk], today=clock.today())[household.pk]
    page = {
        "form": AwayForm(questions=questions, initial=initial), "card": card, "address": household.address,
        "members": [member.person.name for member in people.members_of([household.pk])],
    }  # fmt: skip
    html = render_to_string("visits/_away_form.html", page)
    return {
        "id": household.public_id,
        "name": card.name,
        "address": household.address,
        "ticket": one.ticket,
        "html": html,
    }


def _purpose(household_id: int) -> str:
    """Where a re-check waits for the household, that is why he goes."""
    return "recheck" if queries.recheck_waits(household_id) else "survey"


def shell(request: HttpRequest) -> str:
    """The page that opens without a network: words and scripts, nobody's data, no token."""
    context = {"words": words(), "version": assets_version(), "scripts": [_versioned(name) for name in SCRIPTS]}
    return render_to_string("visits/away.html", context, request)


def worker(request: HttpRequest) -> dict[str, Any]:
    """What the service worker keeps, and the name of this keeping: another one when anything of it changed."""
    page = shell(request)
    kept = [*(static(name) for name in (*STYLES, *PICTURES)), *map(_versioned, SCRIPTS)]
    return {
        "page": reverse("visits_away"), "assets": kept, "script": _versioned("visits/js/away-worker.js"),
        "release": hashlib.sha256((assets_version() + page).encode()).hexdigest()[:16],
    }  # fmt: skip


def _versioned(name: str) -> str:
    return f"{static(name)}?v={assets_version()}"


@lru_cache
def assets_version() -> str:
    """A digest of everything the shell loads: read once, for it changes with a release only."""
    digest = hashlib.sha256()
    for name in (*STYLES, *PICTURES, *SCRIPTS, "visits/js/away-worker.js"):
        digest.update(Path(str(finders.find(name))).read_bytes())
    return digest.hexdigest()[:12]
