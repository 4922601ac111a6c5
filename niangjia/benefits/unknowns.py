"""Those a list lacks one fact of, offered to whoever asks a bureau about them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.federation.scopes import scope_of
from niangjia.people.bureaux.offers import Unknown, unknown_lists
from niangjia.people.bureaux.suppliers import bureaus_of
from niangjia.policy import queries as policy

SOURCE = "list"


def register() -> None:
    """Offer the lists of programmes."""
    unknown_lists.register(SOURCE, unknown_of)


def unknown_of(user: User, list_id: str, key: str) -> Unknown:
    """Who is one fact short on the list of a version: the fact's own subjects, each once."""
    scope = scope_of(user, "benefits.list:read")
    card = policy.version_card(scope, list_id)
    rows = policy.standings(scope.of_programme(card.programme_slug), card.id, "one_missing", ask=key)
    if key.partition(".")[0] == "household":
        ids = {row.household_id for row in rows if row.household_id is not None}
    else:
        ids = {row.subject_id for row in rows if row.subject_kind == key.partition(".")[0]}
    return Unknown(card.name, tuple(sorted(ids)))


def check_address(version_public_id: str, key: str) -> str:
    """Where a check about them begins; empty where no bureau can answer."""
    if not bureaus_of(key):
        return ""
    return reverse("check_new") + "?" + urlencode({"list": f"{SOURCE}:{version_public_id}", "ask": key})


def also_words(key: str, supplier: str) -> tuple[str, ...]:
    """Bureaus that could answer beside the supplier that the fact names first."""
    return tuple(name for name in bureaus_of(key) if supplier != f"bureau:{name}")
