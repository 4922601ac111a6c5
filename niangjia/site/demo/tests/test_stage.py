"""The stage: who can log in, what can be emptied, what is left of the feed."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from niangjia.core import clock
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.site.demo.accounts import PASSWORD, demo_accounts
from niangjia.site.demo.reset import empty_database
from tests.demo_stage import DemoCounty


def test_every_account_holds_its_right_and_opens_with_what_is_printed(county: DemoCounty) -> None:
    for account in demo_accounts():
        user = county.user(account.name)
        assert (user.username if account.secret else user.phone) == account.login
        assert user.check_password(PASSWORD) == bool(account.secret)
        assert rights_of(user)


def test_a_town_officer_reaches_his_town_and_no_other(county: DemoCounty) -> None:
    scope = scope_of(county.user("白薇"), "people.registry:read")
    unions = county.stage.unions
    assert scope.reaches_union(unions[county.household("高粱红").union])
    assert not scope.reaches_union(unions[county.household("麦芒种").union])


def test_a_worker_reaches_himself_alone(county: DemoCounty) -> None:
    scope = scope_of(county.user("麦芒种"), "benefits.own:read")
    assert scope.persons == {county.person_id("麦芒种")}
    assert not scope.roots


def test_nothing_waits_in_the_feed_when_the_curtain_rises(county: DemoCounty) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM federation_auditrow WHERE id NOT IN (SELECT row_id FROM federation_auditseal)"
        )
        unsealed = cursor.fetchone()[0]
        cursor.execute(
            "SELECT COUNT(*) FROM federation_feedmark WHERE reader <> 'seal' "
            "AND chain_no < (SELECT MAX(chain_no) FROM federation_auditseal)"
        )
        behind = cursor.fetchone()[0]
    assert (unsealed, behind) == (0, 0)


def test_nothing_was_written_after_the_morning_of_the_demo_date(county: DemoCounty) -> None:
    with connection.cursor() as cursor:
        for table, column in (
            ("federation_auditrow", "at"),
            ("people_recordedfact", "recorded_at"),
            ("policy_decision", "decided_at"),
        ):
            cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} > %s", [clock.now()])
            assert cursor.fetchone()[0] == 0, table


def test_a_county_that_stands_is_kept(county: DemoCounty, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_county")
    assert "kept" in capsys.readouterr().out


def test_only_a_demo_stage_can_be_emptied(county: DemoCounty, monkeypatch: pytest.MonkeyPatch) -> None:
    # Undone here: undone after the county's own teardown it would leave the demo date behind.
    with monkeypatch.context() as off_stage:
        off_stage.setattr(settings, "DEMO_NOW", None)
        with pytest.raises(CommandError, match="not a demo stage"):
            call_command("demo_county", "--reset")
    assert county.user("苏木").is_active


def test_what_one_test_writes_no_other_sees(own_county: DemoCounty) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET display_name = 'changed' WHERE username = 'sumu'")
    connection.close()
    assert own_county.user("sumu").display_name == "changed"


def test_the_built_county_is_as_it_was_after_that(county: DemoCounty) -> None:
    assert county.user("sumu").display_name == "苏木"


@pytest.mark.nightly
def test_a_stage_is_emptied_and_refuses_again_what_it_refused_before(own_county: DemoCounty) -> None:
    empty_database()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM people_person")
        assert cursor.fetchone()[0] == 0
        cursor.execute(
            "INSERT INTO federation_auditrow (at, action, object_kind, object_id, before, after, reason) "
            "VALUES (%s, 'x', 'x', 1, '', '', '')",
            [clock.now()],
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM federation_auditrow")
