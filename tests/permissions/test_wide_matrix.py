"""Every role × every route × every relation, from the town to the province, of two federations: by night."""

from __future__ import annotations

import pytest

from tests.permissions.asking import find_leaks, harvest, routes
from tests.permissions.planted import plant

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.nightly]


def test_nobody_anywhere_learns_or_changes_what_is_not_his(db: None) -> None:
    """Everybody about everything, from the town to the province, with every form filled in."""
    planted = plant(wide=True)
    planted.forms = harvest(planted, ["county_officer at county", "deputy_chair at county", "worker of town-a"])
    assert len(planted.forms) > 70, "the forms were not found"
    leaks = list(find_leaks(planted, routes(), list(planted.callers)))
    assert leaks == [], "\n".join(str(leak) for leak in leaks[:40])
