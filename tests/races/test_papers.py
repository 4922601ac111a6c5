"""A form of photographs pressed twice at the same moment: each photograph is there once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from niangjia.files.services import papers
from niangjia.files.tests.pictures import png
from tests.races.test_lists import RACERS, _race
from tests.races.test_rosters import _own_union

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

pytestmark = pytest.mark.nightly


def _pressed_at_once(county: DemoCounty) -> tuple[dict[str, int], int]:
    """How each ended, and how many photographs there are."""
    officer = county.user("江篱")
    union_id = _own_union(officer)

    def press(_number: int) -> Any:
        sent = SimpleUploadedFile("x.png", png(12, 12), "image/png")
        return papers.take_photo(upload=sent, union_id=union_id, request_id="pressed", acting_user=officer)

    ends = dict(_race(press))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM files_paperphoto WHERE handed_in_by_id = %s", [officer.pk])
        return ends, int(cursor.fetchone()[0])


def test_a_form_pressed_by_several_at_once_hands_its_photograph_in_once(own_county: DemoCounty) -> None:
    assert _pressed_at_once(own_county) == ({"done": RACERS}, 1)


def test_control_without_the_key_of_the_form_each_of_them_is_kept(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "_sent_as", lambda upload, request_id: secrets.token_hex(32))
    assert _pressed_at_once(own_county) == ({"done": RACERS}, RACERS)
