"""Roles, scopes and the tree: what one may give, where it reaches, and when it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.middleware import RightsMiddleware
from niangjia.federation.models import Grant, Union, UnionClosure
from niangjia.federation.scopes import require, rights_of, scope_of
from niangjia.federation.services.grants import RolesApart, ScopeDoesNotFit, grant_role, revoke_grant
from niangjia.federation.services.tree import PlacedFromLaterOn, WouldCircle, found_union, place_union, rebuild_closure

pytestmark = pytest.mark.django_db
FOUNDED = date(2001, 1, 1)
READ = "people.registry:read"


class Place:
    """A county with two towns and one officer in each."""

    def __init__(self) -> None:
        self.county = self.union("county", None)
        self.town = self.union("town", self.county)
        self.sibling = self.union("sibling", self.county)
        self.su = self.officer("su", "county_officer", self.county)
        self.jiang = self.officer("jiang", "town_officer", self.town)

    def union(self, code: str, parent: Union | None) -> Union:
        return found_union(code=code, name=code, kind="grid", level="town", parent=parent, on=FOUNDED, acting_user=None)

    def officer(self, name: str, role: str, union: Union) -> User:
        user = create_user(username=name, display_name=name)
        grant_role(user=user, role=role, union=union, expires_at=clock.now() + timedelta(days=9), acting_user=None)
        return user


@pytest.fixture
def place() -> Place:
    return Place()


def _until() -> datetime:
    return clock.now() + timedelta(days=1)


def test_a_scope_reaches_down_and_never_sideways_or_up(place: Place) -> None:
    scope = scope_of(place.jiang, READ)
    assert [scope.reaches_union(u.pk) for u in (place.town, place.sibling, place.county)] == [True, False, False]
    assert all(scope_of(place.su, READ).reaches_union(u.pk) for u in (place.town, place.sibling, place.county))


def test_without_a_grant_nothing_is_seen(place: Place) -> None:
    stranger = create_user(username="x", display_name="x")
    assert scope_of(stranger, READ).is_empty
    assert list(Union.objects.filter(scope_of(stranger, READ).unions("id"))) == []
    with pytest.raises(RightMissing):
        require(stranger, READ)


def test_an_unregistered_right_raises_instead_of_reading_as_no(place: Place) -> None:
    with pytest.raises(KeyError):
        scope_of(place.su, "people.registry:reed")


def test_a_grant_ends_by_expiry_revocation_and_a_closed_account(place: Place) -> None:
    with clock.frozen(clock.now() + timedelta(days=10)):
        assert scope_of(place.su, READ).is_empty
        assert rights_of(place.su) == frozenset()
    giver = place.officer("lead", "county_officer", place.county)
    revoke_grant(grant=Grant.objects.get(user=place.jiang), acting_user=giver, reason="离任")
    assert scope_of(place.jiang, READ).is_empty
    place.su.is_active = False
    assert scope_of(place.su, READ).is_empty
    assert rights_of(place.su) == frozenset()


def rights_seen_around_a_revocation(place: Place, method: str, rf: RequestFactory) -> list[bool]:
    """Whether the officer may read, before and after his role was taken back, within one request of this kind."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(READ in rights_of(place.jiang))
        Grant.objects.filter(user=place.jiang).update(revoked_at=clock.now())
        seen.append(READ in rights_of(place.jiang))
        return HttpResponse()

    RightsMiddleware(view)(getattr(rf, method)("/desk/"))
    return seen


def test_who_writes_has_his_rights_read_each_time_and_who_only_looks_once(place: Place, rf: RequestFactory) -> None:
    """What a page shows is of one moment; what is done takes the right at the moment it is done."""
    assert rights_seen_around_a_revocation(place, "post", rf) == [True, False]
    Grant.objects.filter(user=place.jiang).update(revoked_at=None)
    assert rights_seen_around_a_revocation(place, "get", rf) == [True, True]
    assert READ not in rights_of(place.jiang), "from the next request on it is gone"


def test_an_officer_gives_only_what_he_holds_and_only_where(place: Place) -> None:
    user = create_user(username="new", display_name="new")
    with pytest.raises(RightMissing):  # a town officer gives no roles at all
        grant_role(user=user, role="viewer", union=place.town, expires_at=_until(), acting_user=place.jiang)
    grant_role(user=user, role="town_officer", union=place.sibling, expires_at=_until(), acting_user=place.su)
    with pytest.raises(RightMissing):  # a county officer does not confirm, so he cannot make a deputy chair
        grant_role(user=user, role="deputy_chair", union=place.county, expires_at=_until(), acting_user=place.su)
    elsewhere = place.union("elsewhere", None)
    with pytest.raises(NotFoundHere):
        grant_role(user=user, role="town_officer", union=elsewhere, expires_at=_until(), acting_user=place.su)


def test_a_role_is_given_within_its_own_kind_of_scope(place: Place) -> None:
    user = create_user(username="new", display_name="new")
    for wrong in ({"union": place.town}, {"employer_id": 1}, {}, {"person_id": 1, "employer_id": 1}):
        with pytest.raises(ScopeDoesNotFit):
            grant_role(user=user, role="worker", expires_at=_until(), acting_user=None, **wrong)  # type: ignore[arg-type]


def test_an_officer_gives_an_agents_role_only_where_he_may_give_roles(place: Place) -> None:
    user = create_user(username="shi", display_name="石榴红")
    for owner in (None, place.union("elsewhere", None).pk):
        with pytest.raises((RightMissing, NotFoundHere)):
            grant_role(user=user, role="employer_agent", employer_id=7, expires_at=_until(), acting_user=place.su,
                       owner_union_id=owner)  # fmt: skip
    grant_role(user=user, role="employer_agent", employer_id=7, expires_at=_until(), acting_user=place.su,
               owner_union_id=place.town.pk)  # fmt: skip
    assert scope_of(user, "benefits.employer:read").employers == {7}


def test_who_handles_cases_does_not_audit_them(place: Place) -> None:
    with pytest.raises(RolesApart):
        grant_role(user=place.su, role="auditor", union=place.county, expires_at=_until(), acting_user=None)


def test_a_moved_union_is_seen_from_its_new_place_only_and_its_old_place_is_kept(place: Place) -> None:
    grid = place.union("grid", place.town)
    place_union(union=grid, parent=place.sibling, on=clock.today(), acting_user=None)
    assert not scope_of(place.jiang, READ).reaches_union(grid.pk)
    assert list(grid.parents.order_by("valid_from").values_list("parent_id", "valid_to")) == [
        (place.town.pk, clock.today()), (place.sibling.pk, None),
    ]  # fmt: skip


def test_a_move_dated_ahead_counts_from_its_day(place: Place) -> None:
    grid = place.union("grid", place.town)
    day = clock.today() + timedelta(days=3)
    place_union(union=grid, parent=place.sibling, on=day, acting_user=None)
    assert scope_of(place.jiang, READ).reaches_union(grid.pk)
    with clock.frozen(day):
        rebuild_closure()
    assert not scope_of(place.jiang, READ).reaches_union(grid.pk)
    with pytest.raises(PlacedFromLaterOn):
        place_union(union=grid, parent=place.county, on=clock.today(), acting_user=None)


def test_a_union_never_stands_under_itself_today_or_later(place: Place) -> None:
    grid = place.union("grid", place.town)
    later = clock.today() + timedelta(days=30)
    for parent, on in ((grid, clock.today()), (place.town, clock.today())):
        with pytest.raises(WouldCircle):
            place_union(union=place.town, parent=parent, on=on, acting_user=None)
    place_union(union=place.sibling, parent=grid, on=later, acting_user=None)
    with pytest.raises(WouldCircle):
        place_union(union=grid, parent=place.sibling, on=clock.today() + timedelta(days=1), acting_user=None)


def test_the_closure_holds_every_pair_of_todays_tree(place: Place) -> None:
    grid = place.union("grid", place.town)
    above = UnionClosure.objects.filter(descendant=grid, hierarchy="place").order_by("depth")
    assert list(above.values_list("ancestor__code", "depth")) == [("grid", 0), ("town", 1), ("county", 2)]


def test_the_first_officer_is_made_from_the_command_line(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["officer", "mei", "--name", "梅", "--union", "town", "--role", "town_officer", "--password-from-input"]
    monkeypatch.setattr("builtins.input", lambda: "short")
    with pytest.raises(CommandError):
        call_command(*words)
    assert not User.objects.filter(username="mei").exists()
    monkeypatch.setattr("builtins.input", lambda: "long-enough-for-a-plant")
    call_command(*words, stdout=StringIO())
    assert scope_of(User.objects.get(username="mei"), READ).reaches_union(place.town.pk)


def test_the_first_union_is_founded_from_the_command_line_and_there_is_one_top() -> None:
    call_command("union", "990123", "--name", "云禾县总工会", "--level", "county", stdout=StringIO())
    call_command("union", "990123001", "--name", "立春街道总工会", "--level", "town", "--kind", "township_union",
                 "--under", "990123", stdout=StringIO())  # fmt: skip
    assert list(UnionClosure.objects.filter(depth=1).values_list("ancestor__code", "descendant__code")) == [
        ("990123", "990123001")
    ]
    for words in (["9", "--under", "none"], ["9"], ["990123", "--under", "990123001"]):
        with pytest.raises(CommandError):
            call_command("union", *words, "--name", "x", "--level", "town")
    assert Union.objects.count() == 2
