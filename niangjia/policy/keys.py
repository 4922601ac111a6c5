"""Once per what: the key under which an entitlement is counted, so that nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

SUBJECTS = ("person", "household", "employer", "union")


def per_key(per: Iterable[str], subject: str, subject_id: int, household_id: int | None, on: date) -> str:
    """The key of one subject, such as `person:12` or `household:7/year:2026`.

    A person without a registered household counts as one of his own.
    """
    parts = []
    for word in per or (subject,):
        if word == "household" and household_id is not None:
            parts.append(f"household:{household_id}")
        elif word in SUBJECTS:
            parts.append(f"{subject}:{subject_id}")
        else:
            parts.append(f"year:{on.year}" if word == "year" else f"month:{on:%Y-%m}")
    return "/".join(parts)
