"""Units that are founded, move, merge and split: one proposes, another confirms, and what was before stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from niangjia.cases.handing import plan
from niangjia.cases.permissions import CONTACT
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import Approval, AuditRow, Grant, TreeChange, Union, UnionEdge
from niangjia.federation.queries import below_on, own_union, union_named
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import approvals, changes
from niangjia.federation.services.changes import propose
from niangjia.federation.services.grants import TooLong, end_of, grant_role
from niangjia.federation.services.tree import WouldCircle, rebuild_closure
from niangjia.people.tests.world import World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
READ = "people.registry:read"


@pytest.fixture
def world() -> World:
    built = build_world()
    built.officer("xun", "county_officer", "county")
    return built


def reader(world: World, name: str) -> Client:
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(world.user(name))
    return client


def ids(world: World, *names: str) -> set[int]:
    return {world.union(name).pk for name in names}


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def ask(world: World, kind: str, union: str, **more: object) -> TreeChange:
    said = {"on": clock.today(), "document": "云工发〔2026〕30号", **more}
    if isinstance(said.get("target"), str):
        said["target"] = world.union(str(said["target"]))
    return propose(kind=kind, union=world.union(union), acting_user=world.user("su"), **said)  # type: ignore[arg-type]


def confirm(world: World, change: TreeChange, who: str = "lian") -> None:
    changes.answer(change_public_id=change.public_id, verdict="confirmed", acting_user=world.user(who))


def reached(world: World, name: str) -> set[int]:
    return set(scope_of(world.user(name), READ).union_ids())


def test_a_merged_unit_is_reached_from_where_it_went_and_stood_where_it_stood(world: World) -> None:
    own = Grant.objects.get(user=world.user("jiang"))
    before = below_on(ids(world, "town-a"), day(-1))
    change = ask(world, "merge", "town-a", target="town-b")
    assert reached(world, "bai") == ids(world, "town-b"), "proposed is not done"
    confirm(world, change)
    assert reached(world, "bai") == ids(world, "town-b", "town-a", "grid-a")
    assert reached(world, "jiang") == set(), "its own roles end with it"
    own.refresh_from_db()
    assert min(own.expires_at, own.revoked_at or own.expires_at) <= clock.now()
    # Figures of yesterday use the tree of yesterday.
    assert below_on(ids(world, "town-a"), day(-1)) == before == ids(world, "town-a", "grid-a")
    assert below_on(ids(world, "town-b"), day(-1)) == ids(world, "town-b")
    assert below_on(ids(world, "town-a"), day(0)) == ids(world, "town-a")
    assert below_on(ids(world, "town-b"), day(0)) == ids(world, "town-b", "town-a", "grid-a")
    assert Union.objects.get(code="town-a").ended_on == clock.today()
    row = AuditRow.objects.get(action="federation.tree:change")
    assert (row.actor, "merge" in row.after, "30号" in row.after) == (world.user("lian"), True, True)


def test_a_merger_dated_ahead_counts_from_its_day(world: World) -> None:
    confirm(world, ask(world, "merge", "town-a", target="town-b", on=day(10)))
    assert reached(world, "jiang") == ids(world, "town-a", "grid-a")
    assert reached(world, "bai") == ids(world, "town-b")
    with clock.frozen(day(10)):
        rebuild_closure()
        assert reached(world, "jiang") == set()
        assert reached(world, "bai") == ids(world, "town-b", "town-a", "grid-a")


def test_a_unit_works_on_until_the_day_it_ends_and_is_chosen_by_nobody_after(world: World) -> None:
    confirm(world, ask(world, "merge", "town-a", target="town-b", on=day(10)))
    jiang, town = world.user("jiang"), world.union("town-a")
    assert own_union(jiang, CONTACT) == town
    assert union_named("town-a") == town
    below = plan(world.user("su"), {}).below
    assert town.public_id in below
    assert reader(world, "jiang").get(reverse("contact_new")).status_code == 200
    asked = ("person_new", "right_new", "town_task_new")

    def offering() -> set[str]:
        su = reader(world, "su")
        named = f'value="{town.public_id}"'
        return {route for route in asked if named in su.get(reverse(route)).content.decode()}

    assert offering() == set(asked)
    page = reader(world, "su").get(reverse("tree_union", args=[town.public_id])).content.decode()
    assert ("ends on" in page, "ended on" in page) == (True, False)
    with clock.frozen(day(10)):
        rebuild_closure()
        with pytest.raises(RightMissing):
            own_union(jiang, CONTACT)
        assert union_named("town-a") is None
        assert town.public_id not in plan(world.user("su"), {}).below
        assert offering() == set()


def test_a_role_over_a_unit_whose_end_is_known_ends_with_it(world: World) -> None:
    confirm(world, ask(world, "merge", "town-a", target="town-b", on=day(10)))
    said = {"user": world.user("bai"), "role": "town_officer", "union": world.union("town-a")}
    with pytest.raises(TooLong):
        grant_role(**said, expires_at=end_of(day(10)), acting_user=world.user("su"))  # type: ignore[arg-type]
    grant_role(**said, expires_at=end_of(day(9)), acting_user=world.user("su"))  # type: ignore[arg-type]


def test_a_split_stands_where_the_unit_stands_on_that_day(world: World) -> None:
    confirm(world, ask(world, "move", "town-a", target="town-b", on=day(20)))
    new = {"code": "town-c", "name": "town-c工会", "level": "town", "kind": "township_union"}
    confirm(world, ask(world, "split", "town-a", new_unit=new, children=[world.union("grid-a").pk], on=day(5)))
    edge = UnionEdge.objects.get(child__code="town-c")
    assert (edge.parent, edge.valid_from) == (world.union("county"), day(5))


def test_a_merger_takes_the_tree_of_industries_along(world: World) -> None:
    for name, parent, target in (("catering", "county", ""), ("trade", "county", ""), ("cooks", "county", "catering")):
        new = {"code": name, "name": f"{name}工会", "level": "county", "kind": "industrial_union"}
        confirm(world, ask(world, "found", parent, new_unit=new))
        world.unions[name] = Union.objects.get(code=name)
        if target:
            confirm(world, ask(world, "move", name, target=target, hierarchy="industry"))
    confirm(world, ask(world, "move", "grid-a", target="catering", hierarchy="industry"))
    confirm(world, ask(world, "merge", "catering", target="trade", on=day(3)))
    catering, trade = ids(world, "catering"), ids(world, "trade")
    assert below_on(catering, day(2), "industry") == ids(world, "catering", "cooks", "grid-a")
    assert below_on(catering, day(3), "industry") == catering
    assert below_on(trade, day(3), "industry") == ids(world, "trade", "cooks", "grid-a")
    assert below_on(trade, day(3)) == trade | catering


def test_a_unit_that_others_move_to_later_is_not_merged_before(world: World) -> None:
    confirm(world, ask(world, "move", "grid-a", target="town-b", on=day(20)))
    with pytest.raises(changes.OthersMoveIn):
        ask(world, "merge", "town-b", target="town-a", on=day(10))
    confirm(world, ask(world, "merge", "town-b", target="town-a", on=day(21)))


def test_a_split_founds_a_unit_beside_and_takes_the_chosen_along(world: World) -> None:
    new = {"code": "town-c", "name": "town-c工会", "level": "town", "kind": "township_union"}
    confirm(world, ask(world, "split", "town-a", new_unit=new, children=[world.union("grid-a").pk]))
    made = Union.objects.get(code="town-c")
    assert UnionEdge.objects.get(child=made).parent == world.union("county")
    assert reached(world, "jiang") == ids(world, "town-a")
    assert below_on([made.pk], day(0)) == {made.pk, world.union("grid-a").pk}
    assert below_on(ids(world, "town-a"), day(-1)) == ids(world, "town-a", "grid-a")


def test_a_unit_moves_in_the_tree_of_industries_and_keeps_its_place(world: World) -> None:
    new = {"code": "catering", "name": "餐饮业工会", "level": "county", "kind": "industrial_union"}
    confirm(world, ask(world, "found", "county", new_unit=new))
    catering = Union.objects.get(code="catering")
    world.unions["catering"] = catering
    cook = world.officer("cook", "town_officer", "catering")
    confirm(world, ask(world, "move", "grid-a", target="catering", hierarchy="industry"))
    assert set(scope_of(cook, READ).union_ids()) == {catering.pk, world.union("grid-a").pk}
    assert reached(world, "jiang") == ids(world, "town-a", "grid-a")
    assert below_on([catering.pk], day(0)) == {catering.pk}
    assert below_on([catering.pk], day(0), "industry") == {catering.pk, world.union("grid-a").pk}


def test_what_cannot_be_done_is_refused_when_it_is_proposed_and_leaves_nothing(world: World) -> None:
    taken = {"code": "town-b", "name": "x", "level": "town", "kind": "grid"}
    new = {**taken, "code": "new"}
    for refusal, kind, union, more in (
        (changes.DayOutOfBounds, "merge", "town-a", {"target": "town-b", "on": day(-32)}),
        (changes.DayOutOfBounds, "merge", "town-a", {"target": "town-b", "on": day(367)}),
        (changes.DocumentMissing, "merge", "town-a", {"target": "town-b", "document": " "}),
        (changes.CodeTaken, "found", "town-a", {"new_unit": taken}),
        (changes.NothingToSplit, "split", "town-a", {"new_unit": new, "children": []}),
        (changes.NothingToSplit, "split", "town-a", {"new_unit": new, "children": [world.union("town-b").pk]}),
        (WouldCircle, "move", "town-a", {"target": "grid-a"}),
        (NotFoundHere, "split", "county", {"new_unit": new, "children": [world.union("town-b").pk]}),
        (NotFoundHere, "merge", "far-town", {"target": "town-b"}),
        (NotFoundHere, "merge", "town-a", {"target": "far-town"}),
    ):
        with pytest.raises(refusal):
            ask(world, kind, union, **more)
    assert (TreeChange.objects.count(), Approval.objects.count()) == (0, 0)
    assert below_on(ids(world, "county"), day(0)) == ids(world, "county", "town-a", "town-b", "grid-a")
    with pytest.raises(RightMissing):
        propose(
            kind="merge", union=world.union("town-a"), target=world.union("town-b"), on=day(0), document="x",
            acting_user=world.user("lian"),
        )  # fmt: skip


def test_a_unit_that_ended_takes_no_part_any_more(world: World) -> None:
    late = ask(world, "move", "grid-a", target="town-a", hierarchy="industry")
    confirm(world, ask(world, "merge", "town-a", target="town-b"))
    with pytest.raises(changes.UnionEnded):
        confirm(world, late)
    assert not UnionEdge.objects.filter(hierarchy="industry").exists()


def test_only_a_second_person_with_the_right_confirms(world: World) -> None:
    change = ask(world, "merge", "town-a", target="town-b")
    for who in ("su", "xun", "jiang", "yuan"):
        with pytest.raises((RightMissing, approvals.SamePerson)):
            confirm(world, change, who)
    far = world.officer("far", "deputy_chair", "other-county")
    with pytest.raises(NotFoundHere):
        changes.answer(change_public_id=change.public_id, verdict="confirmed", acting_user=far)
    with pytest.raises(changes.ReturnNeedsWords):
        changes.answer(change_public_id=change.public_id, verdict="returned", acting_user=world.user("lian"))
    assert Union.objects.get(code="town-a").ended_on is None


def test_the_whole_way_by_page(world: World) -> None:
    su, lian = reader(world, "su"), reader(world, "lian")
    town = world.union("town-a")
    page = su.get(reverse("tree"), follow=True).content.decode()
    assert "town-a工会" in page
    assert "far-town" not in page
    sent = {"target": world.union("town-b").public_id, "on": clock.today().isoformat(), "document": "云工发30号"}
    assert su.post(reverse("tree_merge", args=[town.public_id]), {**sent, "document": ""}).status_code == 422
    address = su.post(reverse("tree_merge", args=[town.public_id]), sent).headers["Location"]
    assert "Waits for a second person" in su.get(address).content.decode()
    assert "As in the document" not in su.get(address).content.decode()
    desk = lian.get(reverse("desk")).content.decode()
    assert "town-a工会 becomes part of town-b工会" in desk
    assert lian.post(address, {"answer": "returned", "note": ""}).status_code == 422
    lian.post(address, {"answer": "confirmed"})
    after = su.get(reverse("tree_union", args=[world.union("town-b").public_id])).content.decode()
    assert "Ended" in after
    assert "Confirmed" in after
    before = su.get(
        reverse("tree_union", args=[world.union("county").public_id]), {"on": day(-1).isoformat()}
    ).content.decode()
    assert "This is the tree of" in before
    assert "Ended" not in before
    assert reader(world, "jiang").get(reverse("tree")).status_code == 404, "his role ended with the union"


def test_a_returned_or_withdrawn_change_is_done_by_nobody(world: World) -> None:
    su, lian = reader(world, "su"), reader(world, "lian")
    first = ask(world, "merge", "town-a", target="town-b")
    lian.post(reverse("tree_change", args=[first.public_id]), {"answer": "returned", "note": "文件写的是 town-c"})
    assert "文件写的是 town-c" in su.get(reverse("tree_change", args=[first.public_id])).content.decode()
    second = ask(world, "merge", "town-a", target="town-b")
    waiting = Approval.objects.get(object_id=second.pk, decided_at__isnull=True)
    su.post(reverse("request_withdraw", args=[waiting.public_id]))
    assert lian.post(reverse("tree_change", args=[second.public_id]), {"answer": "confirmed"}).status_code == 404
    assert Union.objects.get(code="town-a").ended_on is None
    assert reached(world, "bai") == ids(world, "town-b")
