"""Lists of exceptions and samples: an entry that excuses nothing any more is a hole for what comes next."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.apps import apps
from django.urls import reverse

from niangjia.federation.listing.kinds import list_kinds
from tests.hostile import reading_pages
from tests.permissions import (
    asking,
    filling,
    test_canaries_outside as outside,
    test_looks_kept as looks,
    test_mutants as mutants,
    test_revocation as revocation,
    test_two_federations as two,
    watching,
)

ROUTES = {route.name for route in asking.routes()}
# By the list's name: what it excuses or fills in, which must be routes.
OF_ROUTES: dict[str, Collection[str]] = {
    "asking.ASKED": asking.ASKED, "asking.SAME_EVERYWHERE": asking.SAME_EVERYWHERE,
    "filling.BY_HAND": filling.BY_HAND,
    "test_looks_kept.SHOWING": looks.SHOWING, "test_mutants.NOTHING_OF_ANYBODY": mutants.NOTHING_OF_ANYBODY,
    "test_mutants.THE_ACCOUNTS_OWN": mutants.THE_ACCOUNTS_OWN, "test_mutants.RIGHT_ALONE": mutants.RIGHT_ALONE,
    "test_mutants.COUNTED": mutants.COUNTED, "test_two_federations.OF_ALL": two.OF_ALL,
    "reading_pages.OF_LISTS": reading_pages.OF_LISTS, "reading_pages.NOT_ASKED": reading_pages.NOT_ASKED,
}  # fmt: skip


# Tables whose rows lie with no union, so that nobody harms another's: with a reason each.
OF_NO_UNION = {
    **dict.fromkeys(
        ("auth_permission", "auth_group", "django_content_type", "django_session", "core_dutyrun"), "the house's own"
    ),
    **dict.fromkeys(
        ("accounts_user", "accounts_logincode", "accounts_sendcount", "accounts_passwordtries", "files_upload",
         "federation_exportday", "federation_looktask", "federation_looktasksubject", "federation_lookday"),
        "an account's own",
    ),
    **dict.fromkeys(("federation_auditwaiting", "federation_chainwalk", "federation_feedmark"), "the one chain's"),
    "cases_progresstries": "a number typed by whoever comes by, known or not",
    "visits_forgetting": "empty but while one act lasts",
    "benefits_received": "counted from rows of lists, which are watched",
}  # fmt: skip


def unwatched() -> set[str]:
    """Tables in which nobody would see that rows of others are changed."""
    models = [model for model in apps.get_models() if not watching.way_to_union(model)]
    return {model._meta.db_table for model in models}


def test_every_table_is_watched_or_its_rows_are_no_unions() -> None:
    assert unwatched() == OF_NO_UNION.keys()


def test_control_a_table_that_keeps_the_number_of_its_union_alone_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blind watch is found: one that follows pointers only sees no statement, photograph or fact of others."""
    assert watching.way_to_union(apps.get_model("files", "PaperPhoto")) == "union_id"
    monkeypatch.setattr(watching, "NUMBER_ALONE", "")
    assert {"files_paperphoto", "people_statement", "people_verification"} <= unwatched() - OF_NO_UNION.keys()


@pytest.mark.parametrize("name", OF_ROUTES)
def test_what_is_excused_is_a_route_there_is(name: str) -> None:
    assert set(OF_ROUTES[name]) - ROUTES == set()


def unused_samples() -> set[str]:
    """Samples that no parameter of any route is filled with."""
    used = set()
    for route in asking.routes():
        for parameter in route.parameters:
            own = f"{route.name}.{parameter}"
            used.add(own if own in asking.SAMPLES else parameter)
    return (asking.SAMPLES.keys() | asking.FIXED.keys() | asking.NOBODY.keys()) - used


def test_every_sample_fills_a_parameter() -> None:
    assert unused_samples() == set()


def test_control_a_sample_of_a_route_that_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(asking.SAMPLES, "person_gone.public_id", "person")
    monkeypatch.setitem(asking.FIXED, "seedling", "1")
    assert unused_samples() == {"person_gone.public_id", "seedling"}


def test_a_sample_of_one_route_says_something_else_than_that_of_all() -> None:
    told = {name: key for name, key in asking.SAMPLES.items() if "." in name}
    assert [name for name, key in told.items() if asking.SAMPLES.get(name.rpartition(".")[2]) == key] == []


def test_tables_written_for_everybody_are_tables_there_are() -> None:
    assert {model._meta.db_table for model in apps.get_models()} >= watching.FOR_EVERYBODY


def test_pages_that_stay_open_to_a_viewer_are_a_viewers() -> None:
    assert {str(one) for one in revocation.STAYS_OPEN_TO_A_VIEWER} == {reverse("data_requests")}


def test_lists_that_hang_on_one_thing_are_those_that_are_said_to() -> None:
    assert set(outside.ABOUT) == {kind.code for kind in list_kinds.all() if hangs_on_one_thing(kind.code)}


def hangs_on_one_thing(code: str) -> bool:
    """Whether a list's address names what it is about."""
    return "0000" in list_kinds.get(code).address("0000")
