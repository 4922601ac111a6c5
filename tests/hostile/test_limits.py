"""T34: a page cannot hold the database up, and what only reads cannot write."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from niangjia.core.reading import only_reading
from niangjia.federation.listing.kinds import list_kinds
from niangjia.federation.listing.pages import page_of
from niangjia.people.models import Person
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world
from niangjia.site import environment
from niangjia.site.processes import Processes

pytestmark = pytest.mark.django_db
SLEEP = "(SELECT count(*) FROM pg_sleep(3)) = 1"
URL = "postgresql://nobody@nowhere/niangjia"


@pytest.fixture
def world(db: None) -> World:
    """Somebody to read about."""
    world = build_world()
    register_person(union_id=world.union("town-a").pk, name="柳絮飞", acting_user=world.user("su"))
    return world


def _rows_by(monkeypatch: pytest.MonkeyPatch, narrow: Any) -> None:
    kind = list_kinds.get("people.persons")
    rows = kind.rows
    patched = replace(kind, rows=lambda scope, about, given: narrow(rows(scope, about, given)))
    monkeypatch.setitem(list_kinds._things, kind.code, patched)


def test_only_what_answers_pages_is_held_to_a_time() -> None:
    def told(seconds: int) -> str:
        return str(environment.database(URL, "", seconds)["OPTIONS"]["options"])

    assert "statement_timeout=10000" in told(10)
    assert "statement_timeout=0" in told(0)


@pytest.mark.postgresql
def test_what_the_web_server_starts_is_held_to_ten_seconds_and_a_command_to_none(tmp_path: Path) -> None:
    application = Processes("127.0.0.1", 0, tmp_path / "played")._web[-1].partition(":")[0]
    assert _timeout_after(f"import {application}") == "10s"
    assert _timeout_after("import django; django.setup()") == "0"


def _timeout_after(started: str) -> str:
    """What a process that has started so is told by PostgreSQL."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    variables = {
        **os.environ, "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "niangjia.site.settings",
    }  # fmt: skip
    variables.pop("NIANGJIA_STATEMENT_SECONDS", None)
    asked = f"{started}; from django.db import connection; cursor = connection.cursor()"
    words = [sys.executable, "-c", f"{asked}; cursor.execute('SHOW statement_timeout'); print(*cursor.fetchone())"]
    return subprocess.run(words, env=variables, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.postgresql
def test_a_long_statement_is_ended_and_the_reader_gets_a_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _rows_by(monkeypatch, lambda rows: rows.extra(where=[SLEEP]))
    client = Client(raise_request_exception=False)
    client.force_login(world.user("su"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 100")
    with transaction.atomic():
        answer = client.get(reverse("person_list"))
        transaction.set_rollback(True)
    assert answer.status_code == 503
    assert "数据没有改动" in answer.content.decode()


def test_lists_are_read_where_nothing_can_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(rows: QuerySet[Person]) -> QuerySet[Person]:
        Person.objects.update(name="被改了")
        return rows

    page = page_of(world.user("su"), "people.persons", {})
    assert page.total.number == 1
    assert [line.values["name"] for line in page.lines] == ["柳絮飞"]
    _rows_by(monkeypatch, spoil)
    for read in ("count_up_to", "objects"):
        page = page_of(world.user("su"), "people.persons", {})
        with pytest.raises(DatabaseError), transaction.atomic():
            page.count_up_to(None) if read == "count_up_to" else page.objects
    assert set(Person.objects.values_list("name", flat=True)) == {"柳絮飞"}


def test_afterwards_it_can_be_written_again_even_within_one_transaction(world: World) -> None:
    with transaction.atomic():
        with only_reading():
            assert Person.objects.count() == 1
        assert Person.objects.update(name="柳絮") == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic(), only_reading():
        raise ZeroDivisionError
    assert Person.objects.update(name="柳絮飞") == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_its_own_only_reads_and_the_next_may_write() -> None:
    world = build_world()
    register_person(union_id=world.union("town-a").pk, name="柳絮飞", acting_user=world.user("su"))
    with pytest.raises(DatabaseError), only_reading():
        Person.objects.update(name="被改了")
    with only_reading(), only_reading():
        assert Person.objects.get().name == "柳絮飞"
    assert Person.objects.update(name="柳絮") == 1
