"""What the counties give: a few places with a list and a draw, and places that are shared among employers.

Both are recipes of a shelf of their own: what no published one asks for stands in them, in as few lines.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from niangjia.accounts.models import User
from niangjia.benefits.models import Draw, FrozenList, ListRow, Serving
from niangjia.benefits.places import places_now
from niangjia.benefits.services.freeze import freeze_list, plan_freeze
from niangjia.benefits.services.holds import place_hold
from niangjia.benefits.services.quotas import return_places
from niangjia.core import clock
from niangjia.engines.allocation import Seed
from niangjia.federation.models import Approval
from niangjia.federation.scopes import scope_of
from niangjia.policy import queries as policy
from niangjia.policy.models import Decision
from niangjia.site.demo.adoptions import Adopted, Adoption, adopt
from niangjia.site.demo.documents import scan

SHELF = Path(__file__).parent / "shelf"
# Whose employers have given places back. Everybody who has some reads of each union that has, so town B has none.
GIVEN_BACK, WITHOUT_PLACES = ("town-a", "far-town"), "town-b"


def plant_programmes(units: dict[str, Any], names: dict[str, str], county: str, officer: User, deputy: User) -> None:
    """A county adopts both for these units of its own; freezes and serves one list, and holds somebody back."""
    version, shared = _adopted("consolation", officer, deputy), _adopted("checks", officer, deputy)
    seen = plan_freeze(scope_of(officer, "benefits.list:freeze"), version.public_id).seen
    frozen = freeze_list(
        version_public_id=version.public_id, document_number="试工发〔2026〕2号", meeting="主席办公会",
        meeting_on=clock.today(), attachment=SimpleUploadedFile("scan.pdf", scan("x"), "application/pdf"),
        seen=seen, request_id=f"freeze-{county}", acting_user=officer,
    )  # fmt: skip
    draw = _draw(version, frozen, officer)
    for code, unit in units.items():
        _on_the_list(unit, names[code], version, frozen, officer)
        unit.ids |= {"draw": draw.public_id, "quota": shared.public_id}
        if code in GIVEN_BACK:
            _gives_back(unit, shared, officer)
        if county != "county":  # everybody in its county knows of it, nobody beside it
            unit.canaries |= {version.public_id, frozen.public_id, draw.public_id, shared.public_id}
    Approval.objects.create(
        kind="benefits.list", object_id=frozen.pk, digest="d", union_id=frozen.union_id, asked_by=officer,
        asked_at=clock.now(),
    )  # fmt: skip


def _adopted(recipe: str, officer: User, deputy: User) -> Adopted:
    adoption = Adoption(
        recipe,
        "试工发〔2026〕1号",
        "主席办公会",
        clock.today(),
        100_000_000,
        drafted_by="officer",
        confirmed_by="deputy",
    )
    with override_settings(PROGRAMMES_DIR=str(SHELF)):
        return adopt(adoption, {"officer": officer, "deputy": deputy})


def _draw(version: Adopted, frozen: FrozenList, officer: User) -> Draw:
    """A draw that waits for its seed: of people who all have a place by now."""
    places = places_now(policy.cards_of([version.id])[version.id])
    assert places is not None
    fixed = places.as_draw(Seed("双色球第2026089期", clock.today() + timedelta(days=3)))
    return Draw.objects.create(
        version_id=version.id, union_id=frozen.union_id, period=frozen.period, number=1,
        committed=json.dumps(fixed.to_commit()), list_hash=fixed.list_hash, seed_source=fixed.seed.source,
        seed_on=fixed.seed.on, fixed_by=officer, fixed_at=clock.now(),
    )  # fmt: skip


def _gives_back(unit: Any, shared: Adopted, officer: User) -> None:
    returned = return_places(
        version_public_id=shared.public_id, subject_kind="employer", subject_id=int(unit.ids["employer_pk"]),
        places=1, reason="用不完", request_id=f"q-{unit.code}", acting_user=officer,
    )  # fmt: skip
    unit.ids["returned"] = returned.public_id
    unit.canaries.add(returned.public_id)


def _on_the_list(unit: Any, name: str, version: Adopted, frozen: FrozenList, officer: User) -> None:
    decision = Decision.objects.filter(version_id=version.id, subject_id=unit.person.pk).latest("pk")
    row = ListRow.objects.get(frozen_list=frozen, subject_id=unit.person.pk)
    serving = Serving.objects.create(
        list_row=row, served_on=clock.today(), reference=f"凭证{unit.code}", recorded_by=officer,
        recorded_at=clock.now(),
    )  # fmt: skip
    hold = place_hold(
        version_public_id=version.public_id, subject_kind="person", subject_id=unit.person.pk,
        reason=f"{name}有第二套房", acting_user=officer,
    )  # fmt: skip
    unit.ids |= {
        "version": version.public_id, "frozen": frozen.public_id, "row": str(row.pk), "serving": serving.public_id,
        "hold": hold.public_id, "decision": decision.public_id,
    }  # fmt: skip
    unit.canaries |= {decision.public_id, serving.public_id, hold.public_id, f"凭证{unit.code}"}
