"""T22: a view that reads from everything, asks for no right or forgets whose a thing is: the matrix notices each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from unittest import mock

import pytest
from django.db import transaction

from niangjia.federation.scopes import scope_of as asked_scope
from tests.permissions import mutants
from tests.permissions.asking import Asking, Leak, Route, harvest, routes
from tests.permissions.mutants import Mutants
from tests.permissions.planted import Planted, plant
from tests.permissions.planted_cases import plant_request

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
UNITS = ("town-b", "far-town")
# Routes that ask for no scope and show and change nothing of anybody's, whoever asks: with a reason each.
NOTHING_OF_ANYBODY = {
    "landing": "sends to one's own first page", "login_kept": "one's own form, kept in the session",
    "logout": "ends one's own session", "roster_blank": "an empty table", "upload_begin": "begins something new",
    "visits_away_send": "a ticket signed here for one officer comes before the scope: see visits/tests/test_away.py",
}  # fmt: skip
# Routes that ask for no scope, for the account itself says whose the thing is: of these the owner is forgotten instead.
THE_ACCOUNTS_OWN = {
    **dict.fromkeys(("own_account", "password_change", "my_step_up"), "the account, its password and telephone"),
    **dict.fromkeys(("deputy_new", "deputy_end"), "a role of one's own is lent"),
    **dict.fromkeys(("request_withdraw", "look_task_close", "list_drop", "own_exports"), "what one made oneself"),
    "upload_part": "an upload one began oneself",
    "check_start": "asks which bureau; the desk around it is one's own",
    "audit_verify": "the chain is one for all; the desk around it is one's own",
}  # fmt: skip
# Routes that ask their scope whether there is the right at all, and show what one made oneself: the owner again.
RIGHT_ALONE = {"look_tasks": "a reason for looks belongs to whoever gave it, and to no union"}
# Routes that show nothing of others, and say how many there are: noticed by a page that changes with what others do.
COUNTED = {"desk_recipes": "recipes are everybody's; of the requests it says how many"}


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

    @property
    def acted(self) -> bool:
        """Whether the view that was asked last came to the place that is wrong."""
        return self._mutants.used > 0

    def notices_owner(self, route: Route) -> bool:
        """Whether it is noticed that this view forgets whose the thing is."""
        return any(
            self.is_noticed(route, holders=True, variant=self._mutants.of(route.name, owner=owner))
            for owner in self.owners
        )

    def notices_number(self, route: Route) -> bool:
        """Whether it is noticed that this page counts what is another's, as that of two federations is compared."""
        (asking,) = [one for one in self.askings if one.name == "county_officer at town-a"]
        with self._mutants.of(route.name, wide_scope=True):
            before = asking.asker.ask("GET", route.address({})).body
            with transaction.atomic():
                plant_request("fengxian-employer-subsidy", self.planted.world.user("su-other-county"))
                after = asking.asker.ask("GET", route.address({})).body
                transaction.set_rollback(True)
        return before != after

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
    names = [name for name in planted.callers if "county" in name.split(" at ")[-1]]
    planted.forms = harvest(planted, [*names, "worker of town-a"])
    mutants = Mutants()
    with mutants.planted():
        yield Hunt(planted, mutants)


@pytest.mark.nightly
def test_every_view_with_a_wrong_scope_or_without_its_right_is_noticed(hunt: Hunt) -> None:
    """Where a scope is asked for, that it is everything is noticed by itself, and else that the owner is forgotten."""
    by_name = {route.name: route for route in routes()}
    found: dict[str, list[str]] = {"scope": [], "owner": [], "nothing": [], "right": []}
    for route in by_name.values():
        if route.right == "":
            continue
        if not hunt.notices_scope(route):
            acted = hunt.acted
            found["scope" if acted else "owner" if hunt.notices_owner(route) else "nothing"].append(route.name)
        if route.right != "*" and not hunt.notices_right(route):
            found["right"].append(route.name)
    survived = {name for name in found["scope"] if not hunt.notices_number(by_name[name])}
    assert sorted(set(found["scope"]) - survived) == sorted(COUNTED)
    assert sorted(survived) == sorted(RIGHT_ALONE), "a scope of everything is not noticed"
    assert [name for name in sorted(RIGHT_ALONE) if not hunt.notices_owner(by_name[name])] == []
    assert sorted(found["nothing"]) == sorted(NOTHING_OF_ANYBODY)
    assert sorted(found["owner"]) == sorted(THE_ACCOUNTS_OWN), "no scope is asked for"
    assert found["right"] == [], ", ".join(found["right"])
    _a_wrong_scope_that_is_the_right_one_survives(hunt)


def _a_wrong_scope_that_is_the_right_one_survives(hunt: Hunt) -> None:
    """The control: what is noticed is the scope, and nothing that every variant does."""
    by_name = {route.name: route for route in routes()}
    with mock.patch.object(mutants, "everything_of", asked_scope):
        assert not hunt.notices_scope(by_name["household_list"])
        assert hunt.acted
        assert not hunt.notices_number(by_name["desk_recipes"])
    assert hunt.notices_scope(by_name["household_list"])
