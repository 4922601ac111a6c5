"""What is taken back is gone at once: old sessions, links, downloads, parts of uploads and queued jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse, reverse_lazy

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.federation import scopes
from niangjia.federation.listing.pages import page_of
from niangjia.federation.models import AuditRow, Grant
from niangjia.federation.services import exports
from niangjia.federation.services.grants import grant_role, name_deputy, revoke_grant, ten_years_from_now
from niangjia.federation.services.saved import save_list
from niangjia.people.models import Person, RosterImport
from niangjia.people.services import roster_work, rosters
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import DAY, MEMBERS, text_table
from niangjia.people.tests.world import World, build_world, identity_number

NUMBER = identity_number(date(1980, 1, 2), 7)


# What a viewer of the county reads anyway.
STAYS_OPEN_TO_A_VIEWER = {reverse_lazy("data_requests")}


class StillOpen(AssertionError):
    """Something went on with a right that was taken back."""


@pytest.fixture
def world(db: None, settings: LazySettings, tmp_path: Path) -> World:
    """A county, somebody registered in town A, and a second county officer who takes roles back."""
    settings.DEMO_NUMBERS, settings.MEDIA_ROOT = True, str(tmp_path)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    found = build_world()
    found.officer("xian", "county_officer", "county")
    return found


def session_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def revoke(world: World, user: User) -> None:
    revoke_grant(grant=Grant.objects.get(user=user), acting_user=world.user("xian"), reason="调离")


def deactivate(world: World, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def roster_of(world: World, user: User) -> RosterImport:
    upload = SimpleUploadedFile("名册.csv", text_table([MEMBERS, ("麦芒种", NUMBER, "13800000077", "2020-01-01"),
                                                       ("麦二花", NUMBER[:17], "", "")]))  # fmt: skip
    return rosters.receive_roster(
        upload=upload, kind="members", union_id=world.union("town-a").pk, source="", true_on=DAY,
        request_id=new_public_id(), acting_user=user,
    )  # fmt: skip


def links(world: World, user: User) -> list[str]:
    """Pages, files and downloads that were open to this officer a moment ago."""
    person = register_person(
        union_id=world.union("town-a").pk, name="艾草青", born_on=date(1980, 1, 1), acting_user=world.user("su")
    )
    roster = roster_of(world, user)
    roster_work.work_rosters()
    return [
        reverse("desk"), reverse("household_list"), reverse("person_file", args=[person.public_id]),
        reverse("roster_file", args=[roster.public_id]), reverse("roster_refused", args=[roster.public_id]),
        reverse("verify_queue"), reverse("data_requests"), reverse("papers"),
    ]  # fmt: skip


def closed(client: Client, addresses: list[str]) -> None:
    """Each answers as if there were nothing, or asks to log in."""
    for address in addresses:
        answer: Any = client.get(address)
        asks = answer.status_code == 302 and answer.headers["Location"].startswith("/login/")
        if answer.status_code != 404 and not asks:
            raise StillOpen(address)


@pytest.mark.parametrize("taken", [revoke, deactivate])
def test_an_old_session_and_its_links_are_shut_at_the_next_request(
    world: World, taken: Callable[[World, User], None]
) -> None:
    jiang = world.user("jiang")
    addresses = links(world, jiang)
    client = session_of(jiang)
    assert {client.get(address).status_code for address in addresses} <= {200, 302}
    with pytest.raises(StillOpen):
        closed(client, addresses)
    taken(world, jiang)
    closed(client, addresses[1:])


def _deputy_of_su(world: World) -> Client:
    lan = world.officer("lan", "viewer", "town-a")
    own = Grant.objects.get(user=world.user("su"))
    name_deputy(
        grant_id=own.pk, username="lan", first=clock.today(), last=clock.today(), acting_user=world.user("su")
    )  # fmt: skip
    return session_of(lan)


@pytest.mark.parametrize("taken", [revoke, deactivate])
def test_a_deputys_session_is_shut_when_the_officer_he_stands_in_for_loses_the_role(
    world: World, taken: Callable[[World, User], None]
) -> None:
    client, addresses = _deputy_of_su(world), [reverse("household_list"), reverse("verify_queue")]
    assert {client.get(address).status_code for address in addresses} == {200}
    taken(world, world.user("su"))
    closed(client, addresses)


def test_control_deputies_who_outlive_the_role_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _deputy_of_su(world)
    monkeypatch.setattr(scopes, "active_grants", lambda user: Grant.objects.filter(user=user))
    deactivate(world, world.user("su"))
    with pytest.raises(StillOpen):
        closed(client, [reverse("household_list")])


def test_queued_work_of_somebody_who_lost_the_right_is_not_done(world: World) -> None:
    jiang = world.user("jiang")
    roster = roster_of(world, jiang)
    roster_work.work_rosters()
    rosters.approve_roster(public_id=roster.public_id, acting_user=jiang)
    waiting = roster_of(world, jiang)
    before = Person.objects.count()
    revoke(world, jiang)
    roster_work.work_rosters()
    assert Person.objects.count() == before
    for one in (roster, waiting):
        one.refresh_from_db()
        assert (one.state, one.fault) == ("unreadable", "right_gone")


def test_a_person_whose_access_was_shut_takes_no_copy_and_sends_no_more_parts(world: World) -> None:
    person = register_person(
        union_id=world.union("town-a").pk, name="艾草青", born_on=date(1980, 1, 1), acting_user=world.user("su")
    )
    worker = User.objects.create(username="w", display_name="艾草青", joined_at=world.user("su").joined_at)
    grant_role(user=worker, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
    client = session_of(worker)
    started = client.post(reverse("upload_begin"), {"key": "k", "size": 10}).json()
    pages = [reverse("my_data"), reverse("my_consents"), reverse("my_me")]
    assert {client.get(page).status_code for page in pages} == {200}
    deactivate(world, worker)
    closed(client, [*pages, reverse("my_copy"), reverse("upload_part", args=[started["id"]])])


def deputy_of(world: World, user: User) -> User:
    """Somebody who holds this officer's role while he is away."""
    deputy = world.officer("dai", "viewer", "county")
    grant = Grant.objects.get(user=user)
    name_deputy(grant_id=grant.pk, username="dai", first=clock.today(), last=clock.today(), acting_user=user)
    return deputy


def test_a_deputy_goes_with_whom_he_stands_in_for(world: World) -> None:
    jiang = world.user("jiang")
    addresses = links(world, jiang)[1:]
    client = session_of(deputy_of(world, jiang))
    assert {client.get(address).status_code for address in addresses} <= {200, 302}
    revoke_grant(grant=Grant.objects.get(user=jiang), acting_user=world.user("xian"), reason="调离")
    closed(client, [address for address in addresses if address not in STAYS_OPEN_TO_A_VIEWER])
    stood_in = Grant.objects.get(stands_in_for=jiang)
    assert stood_in.revoked_at is not None
    assert AuditRow.objects.filter(action="federation.grant:revoke", object_id=stood_in.user_id).exists()


def test_whoever_is_moved_to_another_union_takes_no_door_along(world: World) -> None:
    jiang = world.user("jiang")
    of_the_old_union = links(world, jiang)[2:4]
    client = session_of(jiang)
    assert {client.get(address).status_code for address in of_the_old_union} == {200}
    revoke(world, jiang)
    role = {"role": "town_officer", "union": world.union("town-b"), "expires_at": ten_years_from_now()}
    grant_role(user=jiang, acting_user=None, **role)
    closed(client, of_the_old_union)
    assert "艾草青" not in client.get(reverse("person_list")).content.decode()


def test_what_a_session_keeps_around_a_list_goes_with_the_seat(world: World, settings: LazySettings) -> None:
    settings.FRAME_KEPT_SECONDS = 3600
    jiang, town = world.user("jiang"), world.union("town-a").name
    own = world.officer("jiang2", "town_officer", "town-a")
    save_list(page=page_of(own, "people.persons", {"sex": "female"}), name="甲镇妇女", shared=True, acting_user=own)
    client, page = session_of(jiang), reverse("person_list")
    seen = client.get(page, {"sex": "male"}).content.decode()
    assert "甲镇妇女" in seen
    assert town in seen.partition("<main")[2]
    revoke(world, jiang)
    grant_role(
        user=jiang, acting_user=None, role="town_officer", union=world.union("town-b"),
        expires_at=ten_years_from_now(),
    )  # fmt: skip
    seen = client.get(page, {"sex": "male"}).content.decode().partition("<main")[2]
    assert "甲镇妇女" not in seen
    assert town not in seen
    assert world.union("town-b").name in seen


def test_an_export_that_was_permitted_is_not_taken_after_the_right_is_gone(world: World) -> None:
    su = world.user("su")
    links(world, su)
    page = page_of(su, "people.persons", {})
    asked = exports.take_list(page=page, columns=["name", "id_number"], way="xlsx", purpose="送核", acting_user=su)
    exports.answer(public_id=asked.export.public_id, verdict="confirmed", acting_user=world.user("lian"))
    client, address = session_of(su), reverse("export", args=[asked.export.public_id])
    assert client.get(address).status_code == 200
    revoke(world, su)
    assert client.post(address, {"answer": ""}).status_code == 404
    asked.export.refresh_from_db()
    assert asked.export.taken_at is None


def test_a_part_of_an_upload_is_not_taken_from_whom_nothing_is_left_to(world: World) -> None:
    jiang = world.user("jiang")
    client = session_of(jiang)
    started = client.post(reverse("upload_begin"), {"key": "k", "size": 10}).json()
    part = reverse("upload_part", args=[started["id"]])
    octets = {"content_type": "application/octet-stream"}
    assert client.post(part, b"12345", headers={"X-Offset": "0"}, **octets).status_code == 200
    revoke(world, jiang)
    assert client.post(part, b"67890", headers={"X-Offset": "5"}, **octets).status_code == 404
    assert client.post(reverse("upload_begin"), {"key": "m", "size": 10}).status_code == 404


def test_control_rights_kept_for_a_while_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jiang = world.user("jiang")
    addresses = links(world, jiang)
    client, asked = session_of(jiang), scopes._read_grants
    kept: dict[int, list[Grant]] = {}

    monkeypatch.setattr(scopes, "_read_grants", lambda user: kept.setdefault(user.pk, asked(user)))
    client.get(reverse("household_list"))
    revoke(world, jiang)
    with pytest.raises(StillOpen):
        closed(client, addresses[1:])
