"""Every role × every route × every relation: nobody learns what is not his, not even that it exists."""

from __future__ import annotations

from urllib.parse import quote, quote_plus, urlencode

import pytest
from django.urls import path

from niangjia.federation import scopes
from niangjia.federation.models import UnionClosure
from niangjia.federation.rights import rights, roles
from niangjia.federation.scopes import Scope
from niangjia.federation.services.grants import revoke_grant
from tests.permissions.asking import Asker, NoSample, Route, _route, find_leaks, harvest, routes
from tests.permissions.planted import Planted

# What is wide here asks every route: on the second database at night.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_every_route_declares_a_right_that_exists_and_can_be_asked() -> None:
    found = routes()
    assert len(found) > 50, "the routes were not found"
    for route in found:
        assert route.right in ("", "*") or route.right in rights, route
        assert route.keys() is not None
    names = [route.name for route in found]
    assert len(names) == len(set(names)), "of two routes with one name, links lead to the last"


def test_a_route_with_an_unknown_parameter_fails_the_test() -> None:
    strange = _route("desk/plants/<slug:seedling>/", path("x/", lambda request: None))
    with pytest.raises(NoSample):
        strange.keys()


def test_every_role_names_registered_rights_only() -> None:
    for role in roles.all():
        assert role.rights <= set(rights), role.code


def test_anonymous_routes_are_the_known_ones() -> None:
    assert {route.name for route in routes() if route.right == ""} == {
        "front", "login", "login_code", "login_password", "preference", "design", "contact_progress",
        "visits_away", "visits_away_worker", "visits_away_ready",
    }  # fmt: skip


def test_nobody_learns_what_is_not_his_nor_that_it_exists(planted: Planted) -> None:
    """At each commit a sample, without the forms of the pages: every caller asks every sixth route."""
    leaks = []
    for at, caller in enumerate(planted.callers):
        leaks += find_leaks(planted, routes()[at % 6 :: 6], [caller], every_unit=False)
    assert leaks == [], "\n".join(str(leak) for leak in leaks[:40])


@pytest.mark.nightly
def test_the_forms_that_strangers_send_are_done_when_ones_own_officer_sends_them(planted: Planted) -> None:
    """The control of filled forms: what is refused for a stranger is refused because it is not his."""
    planted.forms = harvest(planted, ["county_officer at county", "worker of town-a"])
    done = set()
    for name in ("county_officer at county", "worker of town-a"):
        asker = Asker(planted.callers[name])
        for route in routes():
            for form in planted.forms.get(route.name, []):
                address = route.address_of(planted.units["town-a"]) if route.keys() else route.address({})
                if asker.ask("POST", address, form.data()).status in {200, 302}:
                    done.add(route.name)
    assert len(done) > 55, sorted(set(planted.forms) - done)


def test_the_detector_finds_leaks_when_scopes_reach_everywhere(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = UnionClosure.objects.values_list("descendant_id", flat=True)
    monkeypatch.setattr(Scope, "union_ids", lambda self: everywhere)
    monkeypatch.setattr(Scope, "reaches_union", lambda self, union_id: True)
    # What each single view gives away when it forgets its scope is the night's: see test_mutants.
    names = ("household_file", "person_file", "evidence", "verify_statement", "desk_decision", "desk_version")
    wanted = [route for route in routes() if route.name in {*names, "household_list"}]
    leaks = list(find_leaks(planted, wanted, ["town_officer at town-a"]))
    for name in names:
        route = next(route for route in routes() if route.name == name)
        prefix = "/" + route.path.split("<")[0]
        assert [leak for leak in leaks if leak.address.startswith(prefix)], f"no leak was found on {name}"
    assert [leak for leak in leaks if leak.address == "/desk/households/" and "shows" in leak.what]


def test_search_shows_nothing_of_a_sibling_whatever_is_typed(planted: Planted) -> None:
    caller = planted.callers["town_officer at town-a"]
    asker = Asker(caller)
    nothing = _without_question(asker, "nobody-at-all")
    for unit in planted.units.values():
        if unit.code in caller.below:
            continue
        for canary in unit.canaries:
            assert _without_question(asker, canary) == nothing, canary


def _without_question(asker: Asker, text: str) -> bytes:
    # What was typed stands in the box again, and in the way back after a choice of language; nothing else may differ.
    body = asker.ask("GET", f"/desk/search/?{urlencode({'q': text})}").body
    return body.replace(text.encode(), b"").replace(quote_plus(text).encode(), b"").replace(quote(text).encode(), b"")


def test_every_answer_to_somebody_logged_in_is_kept_by_no_cache(planted: Planted) -> None:
    caller = planted.callers["county_officer at county"]
    asker = Asker(caller)
    for route in routes():
        address = route.address_of(planted.units["town-a"]) if route.keys() else route.address({})
        assert asker.ask("GET", address).cache == "private, no-store", address


def test_a_right_taken_back_counts_from_the_next_request(planted: Planted) -> None:
    caller = planted.callers["town_officer at town-a"]
    asker, address = Asker(caller), f"/desk/households/{planted.units['town-a'].ids['household']}/"
    assert asker.ask("GET", address).status == 200
    scopes.active_grants(caller.user).update(revoked_at=planted.units["town-a"].worker.joined_at)  # type: ignore[arg-type,union-attr]
    assert asker.ask("GET", address).status == 404


def test_whoever_loses_his_role_loses_every_door_at_once(planted: Planted) -> None:
    """Pages and papers alike, in the session that stands open."""
    caller, town = planted.callers["county_officer at county"], planted.units["town-a"]
    assert caller.user is not None
    asker = Asker(caller)
    addresses = [
        route.address_of(town) if route.keys() else route.address({})
        for route in routes()
        if route.right not in ("", "*")
    ]
    open_doors = [address for address in addresses if asker.ask("GET", address).status == 200]
    assert len(open_doors) > 30, "hardly a door was open before"
    assert [address for address in open_doors if town.ids["file"] in address], "no paper was among them"
    giver = planted.world.officer("giver", "county_officer", "county")
    revoke_grant(grant=scopes.active_grants(caller.user).get(), acting_user=giver, reason="离任")
    assert [address for address in open_doors if asker.ask("GET", address).status != 404] == []


def test_own_things_are_reached(planted: Planted) -> None:
    """The control of the other side: a matrix in which everything is 404 would prove nothing."""
    asker = Asker(planted.callers["county_officer at county"])
    wanted: list[Route] = [route for route in routes() if route.path.startswith("desk/") and route.keys()]
    reached = {
        route.name for route in wanted if asker.ask("GET", route.address_of(planted.units["town-a"])).status == 200
    }
    assert {
        "household_file", "person_file", "evidence", "verify_statement", "desk_version", "desk_decision", "right_take",
    } <= reached  # fmt: skip
