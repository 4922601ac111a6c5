"""Publishing 金秋助学 (S70) in the demo county: from the second person's confirmation to the list of those found."""

from __future__ import annotations

import time
from statistics import median

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from benchmarks.county import somebody, visitor
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import system_scope
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.services.publishing import answer_request, ask_confirmation
from niangjia.policy.versions import APPROVAL_KIND
from niangjia.site.demo.adoptions import STUDY_AID
from niangjia.site.demo.documents import scan

TIMES = 3


def measure() -> dict[str, str]:
    """Seconds for confirming (the sweep of 20,000 people is inside) and for the list page that follows."""
    found = [_once() for _ in range(TIMES)]
    confirmed, listed = (median(column) for column in zip(*found, strict=True))
    return {
        "confirmed, everybody asked": f"{confirmed:.2f} s",
        "first page of the list": f"{listed:.2f} s",
        "together": f"{median(sum(pair) for pair in found):.2f} s (medians of {TIMES})",
    }


def _once() -> tuple[float, float]:
    with transaction.atomic():
        approval, version = _asked()
        deputy, officer = somebody("连翘"), visitor("苏木")
        began = time.perf_counter()
        answer_request(approval_public_id=approval, verdict="confirmed", acting_user=deputy)
        confirmed = time.perf_counter()
        answer = officer.get(f"/desk/lists/{version}/")
        listed = time.perf_counter()
        transaction.set_rollback(True)  # the next time finds the county as it was
    if answer.status_code != 200 or "初步符合61户67人" not in answer.content.decode():
        raise RuntimeError(f"The list answered {answer.status_code} and does not show the 67 people it should.")
    return confirmed - began, listed - confirmed


def _asked() -> tuple[str, str]:
    """A draft filled in and sent; returns the public ids of the question and of the version."""
    officer = somebody("苏木")
    version = copy_recipe(recipe=STUDY_AID.recipe, acting_user=officer)
    fill_in(
        version_public_id=version.public_id,
        numbers=STUDY_AID.numbers,
        choices=STUDY_AID.choices,
        document_number=STUDY_AID.document_number,
        meeting=STUDY_AID.meeting,
        meeting_on=STUDY_AID.meeting_on,
        budget_fen=STUDY_AID.budget_fen,
        attachment=SimpleUploadedFile("scan.pdf", scan("bench"), "application/pdf"),
        acting_user=officer,
    )
    ask_confirmation(version_public_id=version.public_id, acting_user=officer)
    approval = open_approvals(system_scope(), APPROVAL_KIND).get(object_id=version.pk)
    return approval.public_id, version.public_id
