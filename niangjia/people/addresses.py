"""Where an officer finds a subject's file, and where a missing fact is answered."""

from __future__ import annotations

from django.urls import reverse

from niangjia.core.facts import facts
from niangjia.people.queries import waiting_about

_FILES = {"person": "person_file", "household": "household_file", "employer": "employer_file"}


def file_address(kind: str, public_id: str) -> str:
    """The page of a person, household or employer; a union has its list of facts."""
    if kind in _FILES:
        return reverse(_FILES[kind], args=[public_id])
    return reverse("fact_list", args=[kind, public_id])


def answer_address(kind: str, subject_id: int, public_id: str, code: str) -> tuple[str, bool]:
    """Where one fact is answered: the paper that waits (and True), else the form to record it, else nothing."""
    key = f"{kind}.{code}"
    if key not in facts or not facts.get(key).recorded:
        return "", False
    waiting = waiting_about(kind, subject_id, code).first()
    if waiting is not None:
        return reverse("verify_statement", args=[waiting.public_id]), True
    return reverse("fact_new", args=[kind, public_id, code]), False
