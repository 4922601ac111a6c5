"""T22: a view that reads from everything, asks for no right or forgets whose a thing is: the matrix notices each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.permissions.asking import Asking, Leak, Route, harvest, routes
from tests.permissions.mutants import Mutants
from tests.permissions.planted import Planted, plant

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
UNITS = ("town-b", "far-town")
# Routes that show and change nothing of anybody's, whatever is reached: with a reason each.
NOTHING_OF_ANYBODY = {
    "landing": "sends to one's own first page", "login_kept": "one's own form, kept in the session",
    "logout": "ends one's own session", "roster_blank": "an empty table", "upload_begin": "begins something new",
}  # fmt: skip
# Routes about things the planted world holds none of: with a reason each.
NOT_PLANTED = {
    **dict.fromkeys(
        ("desk_places", "desk_quotas", "desk_quota_return", "desk_quota_undo", "desk_quota_reallot",
         "desk_notice_places"),
        "no programme with places or quotas",
    ),
    "employer_benefit": "no programme for employers",
    "my_supply": "no fact that is still asked for",
    "my_copy": "wants the code of a text message first",
    "agent_take": "no agent of an employer",
    "check_confirm": "no file of so many that it waits for a second person",
}  # fmt: skip


class Hunt:
    """Asks one route in a wrong variant, as those in town A who may and who may not."""

    def __init__(self, planted: Planted, mutants: Mutants) -> None:
        self.planted, self._mutants = planted, mutants
        names = [name for name in planted.callers if name.endswith("town-a")]
        self.askings = [Asking(planted, name) for name in names]
        self._units = [planted.units[code] for code in UNITS]
        officers = [planted.world.user(name) for name in ("post-town-b", "post-far-town", "seer-town-b", "su")]
        workers = [unit.worker for unit in self._units]
        self.owners = [user for user in [*officers, *workers] if user is not None]

    def is_noticed(self, route: Route, *, holders: bool, variant: AbstractContextManager[None]) -> bool:
        """Whether some answer of this variant is one that the matrix forbids; a crash alone is none."""
        asked = [one for one in self.askings if one.holds(route) == holders]
        with variant:
            return any(self._first(one, route) is not None for one in asked[: len(asked) if holders else 2])

    def _first(self, asking: Asking, route: Route) -> Leak | None:
        try:
            return next(asking.about(route, self._units), None)
        except Exception:
            return None

    def notices_scope(self, route: Route) -> bool:
        """Whether it is noticed that this view reads from everything."""
        return self.is_noticed(route, holders=True, variant=self._mutants.of(route.name, wide_scope=True))

    def notices_owner(self, route: Route) -> bool:
        """Whether it is noticed that this view forgets whose the thing is."""
        return any(
            self.is_noticed(route, holders=True, variant=self._mutants.of(route.name, owner=owner))
            for owner in self.owners
        )

    def notices_right(self, route: Route) -> bool:
        """Whether it is noticed that this right is not asked for: alone, or with the view's scope as second lock."""
        variants = [{}, {"wide_scope": True}, *({"owner": owner} for owner in self.owners)]
        return any(
            self.is_noticed(route, holders=False, variant=self._mutants.of(route.name, no_right=True, **one))
            for one in variants
        )


@pytest.fixture
def hunt(db: None) -> Iterator[Hunt]:
    """The world with its forms, and the patches in place."""
    planted = plant()
    planted.forms = harvest(planted, [name for name in planted.callers if "county" in name.split(" at ")[-1]])
    mutants = Mutants()
    with mutants.planted():
        yield Hunt(planted, mutants)


@pytest.mark.nightly
def test_every_view_with_a_wrong_scope_or_without_its_right_is_noticed(hunt: Hunt) -> None:
    survived: dict[str, list[str]] = {"scope": [], "right": []}
    for route in routes():
        if route.right == "":
            continue
        if not (hunt.notices_scope(route) or hunt.notices_owner(route)):
            survived["scope"].append(route.name)
        if route.right != "*" and not hunt.notices_right(route):
            survived["right"].append(route.name)
    excused = set(NOTHING_OF_ANYBODY) | set(NOT_PLANTED)
    unnoticed = sorted(set(survived["scope"]) - excused)
    assert unnoticed == [], ", ".join(unnoticed)
    assert sorted(excused - set(survived["scope"])) == [], "these are noticed now: take them off the list"
    unlocked = sorted(set(survived["right"]) - set(NOT_PLANTED))
    assert unlocked == [], ", ".join(unlocked)
