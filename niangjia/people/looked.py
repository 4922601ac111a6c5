"""What somebody saw when he looked, in words of the person it was about."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from niangjia.core.facts import facts
from niangjia.people.models import OwnRequest, Statement
from niangjia.people.paperwork import kind_name
from niangjia.people.shown import label_of


def seen_in(action: str, after: str) -> str:
    """Which values or which paper a look opened; empty where the action says it all."""
    if action == "people.identity:look":
        return _("identity number, telephone")
    if action == "people.identity:export":
        return _("identity number, telephone or address in full, on a list")
    if action == "people.file:look":
        return _("household, jobs and facts; numbers covered")
    if action == "people.evidence:look":
        return _paper(json.loads(after) if after else {})
    return ""


def _paper(named: dict[str, str]) -> str:
    if "paper" in named:
        return kind_name(named["paper"])
    statement = Statement.objects.filter(public_id=named.get("statement", "")).first()
    if statement is not None and f"{statement.subject_kind}.{statement.code}" in facts:
        return label_of(facts.get(f"{statement.subject_kind}.{statement.code}"))
    return _("the paper of a request") if OwnRequest.objects.filter(public_id=named.get("request", "")).exists() else ""
