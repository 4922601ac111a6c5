"""What this room itself puts on a household's page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.people import dossier
from niangjia.people.filepage import FileAction, FileSection, OpenedFile, file_actions, file_sections, under_way
from niangjia.people.paperwork import papers_about
from niangjia.people.timeline import timelines


def register() -> None:
    """Offer them."""
    timelines.register("people", dossier.file_history)
    under_way.register("people", dossier.statements_under_way)
    file_sections.register(
        "people.forms",
        FileSection("people.forms", 45, _("Photographed forms"), "people/_filed_forms.html", _filed_forms),
    )
    for action in (
        FileAction("people.fact", 10, _("Change a fact"), _facts, "people.fact:verify"),
        FileAction("people.print", 90, _("Print the whole file"), _print, "people.registry:read"),
    ):
        file_actions.register(action.code, action)


def _filed_forms(opened: OpenedFile) -> dict[str, Any] | None:
    found = papers_about("household", opened.household_id)
    return {"papers": found} if found else None


def _facts(public_id: str) -> str:
    return reverse("fact_list", args=["household", public_id])


def _print(public_id: str) -> str:
    return reverse("household_print", args=[public_id])
