"""What this room itself puts on a household's page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.people import dossier
from niangjia.people.filepage import FileAction, file_actions, under_way
from niangjia.people.timeline import timelines


def register() -> None:
    """Offer them."""
    timelines.register("people", dossier.file_history)
    under_way.register("people", dossier.statements_under_way)
    for action in (
        FileAction("people.fact", 10, _("Change a fact"), _facts, "people.fact:verify"),
        FileAction("people.print", 90, _("Print the whole file"), _print, "people.registry:read"),
    ):
        file_actions.register(action.code, action)


def _facts(public_id: str) -> str:
    return reverse("fact_list", args=["household", public_id])


def _print(public_id: str) -> str:
    return reverse("household_print", args=[public_id])
