"""The frame of a page is read anew after whatever the reader does, and after twenty seconds; else not."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory
from django.test.utils import override_settings

from niangjia.accounts.kept import forget, kept
from niangjia.federation.listing.asked import Given
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State
from niangjia.federation.listing.pages import Field
from niangjia.federation.templatetags.lists import field_options, list_rows

SECONDS = 20


@pytest.fixture
def request_in_session(rf: RequestFactory) -> Any:
    request: Any = rf.get("/desk/")
    request.session = {}
    return request


@override_settings(FRAME_KEPT_SECONDS=SECONDS)
def test_a_number_is_counted_once_for_a_moment_and_anew_after_the_reader_did_something(
    request_in_session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, passed = [3], [0.0]
    began = time.time()
    monkeypatch.setattr("niangjia.accounts.kept.time.time", lambda: began + passed[0])

    def now() -> Any:
        return kept(request_in_session, "front", lambda: waiting[0])

    assert now() == 3
    waiting[0] = 2
    assert now() == 3
    forget(request_in_session)
    assert now() == 2
    waiting[0], passed[0] = 1, SECONDS - 1
    assert now() == 2
    passed[0] = SECONDS
    assert now() == 1


@override_settings(FRAME_KEPT_SECONDS=SECONDS)
def test_another_session_counts_for_itself_and_without_a_session_nothing_is_kept(rf: RequestFactory) -> None:
    first, second, none = rf.get("/"), rf.get("/"), rf.get("/")
    first.session, second.session = {}, {}  # type: ignore[attr-defined]
    assert [kept(request, "front", lambda at=at: at) for at, request in enumerate((first, second))] == [0, 1]
    assert [kept(none, "front", lambda at=at: at) for at in (1, 2)] == [1, 2]


@override_settings(FRAME_KEPT_SECONDS=SECONDS)
def test_of_what_is_kept_if_it_is_true_nothing_else_is(request_in_session: Any) -> None:
    answers = iter([0, "", None, 7])

    def now() -> Any:
        return kept(request_in_session, "many", lambda: next(answers), if_true=True)

    assert [now(), now(), now(), now(), now()] == [0, "", None, 7, 7]


def test_what_stands_in_a_list_cannot_become_markup() -> None:
    columns = (Column("name", '<i>"'), Column("note", '<b>"'), Column("state", "x", "state"))

    class Page:
        kind = ListKind.__new__(ListKind)
        lines = (Line({"name": "<u>'", "note": '<s>"', "state": State("yes", "<q>")}, url='/x/?a="&b=<'),)

    object.__setattr__(Page.kind, "columns", columns)
    rows = list_rows(Page())  # type: ignore[arg-type]
    for planted in ("<i>", "<b>", "<u>", "<s>", "<q>", '"&b', "b=<", "<u>'"):
        assert planted not in rows
    assert rows.count("&lt;") == 5


def test_what_can_be_chosen_above_a_list_cannot_become_markup_and_what_is_chosen_is_marked() -> None:
    town = Given(Condition("union", "", lambda rows, value: rows), 't"1', 't"1', "x")
    field = Field("union", "", "text", 60, [('t"1', "<i>镇</i>"), ("t2", "乙镇")], town)
    options = '<option value="t&quot;1" selected>&lt;i&gt;镇&lt;/i&gt;</option><option value="t2">乙镇</option>'
    assert field_options(field) == options
    assert " selected" not in field_options(replace(field, given=None))
    assert field_options(replace(field, choices=None)) == ""
