"""Two federations on one installation: what one has changes nothing that the other is shown, told or handed.

Everything is asked twice: while the other federation is empty, and when it is full. The answers are compared byte by
byte, so that a count, an order or a choice among others' things is noticed where no word of theirs is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import zip_longest

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.urls import reverse

from niangjia.core import clock
from niangjia.federation.listing.kinds import list_kinds
from niangjia.federation.listing.pages import PLAIN, ListPage
from niangjia.federation.models import UnionClosure
from niangjia.federation.scopes import Scope, rights_of
from tests.permissions.asking import Asker, routes
from tests.permissions.planted import BELOW, FIRMS, NAMES, SECOND, Caller, Planted, found_second, plant_second
from tests.permissions.test_canaries_outside import ABOUT, texts_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Questions = list[tuple[str, str, dict[str, object], str]]
Told = dict[tuple[str, ...], str]
# What an export is marked with is a number of the whole installation.
_LENGTH = re.compile(r"Content-Length: \d+")  # of a file that is packed with that number in it
# Made anew for each answer: ids of requests, codes of papers and their pictures, the second a table was written in.
_NEW = re.compile(r'name="request_id" value="[^"]+"|<svg.*?</svg>|\d{4}( \d{4}){4}|W3CDTF">[^<]+<', re.S)
_SERIAL = re.compile(r"E\d+-?[0-9A-Z]")
ANY, WIDEST = "*/*", "county_officer at province"
TYPED = (NAMES[SECOND], FIRMS[SECOND], "13800000008", "辛", "0008", "second")
# Pages that tell of the whole installation: why each may.
OF_ALL = {"front": "what each union offers is public, and stands there for whoever comes by"}


@pytest.fixture
def planted(planted_once: Planted, db: None, settings: LazySettings) -> Planted:
    """The first federation alone, with somebody at its root too."""
    settings.FRAME_KEPT_SECONDS = 0  # numbers in the menu are counted anew for each question
    found_second(planted_once)
    for role in ("county_officer", "deputy_chair", "auditor", "viewer"):
        user = planted_once.world.officer(f"{role}-root", role, "province")
        planted_once.callers[f"{role} at province"] = Caller(user, BELOW["province"], set())
    return planted_once


def of_lists(planted: Planted, name: str, *, every: bool = True) -> Questions:
    """Every list of somebody, its sentence, what it takes out, and what is typed into the search box.

    With `every` in every order and both forms.
    """
    found: Questions = []
    for kind in (kind for kind in list_kinds.all() if kind.right in rights_of(planted.callers[name].user)):
        about = planted.units["town-a"].ids[ABOUT[kind.code]] if kind.code in ABOUT else ""
        address = kind.address(about)
        sorts = [f"?sort={sign}{one.code}" for one in kind.columns if every and one.sorts for sign in ("", "-")]
        found += [("GET", address + asked, {}, ANY) for asked in ("", "?count=whole", *sorts)]
        found.append(("GET", address, {}, PLAIN))
        out = reverse("list_export", args=[kind.code]) + (f"?about={about}" if about else "")
        sent = {"purpose": "核对", "columns": [one.code for one in kind.columns if not one.right]}
        found += [
            ("GET", out, {}, ANY),
            *(("POST", out, {**sent, "way": way}, ANY) for way in ("xlsx", "paper")[: 1 + every]),
        ]
    return found + [("GET", f"{reverse('desk_search')}?q={word}", {}, ANY) for word in TYPED]


def of_routes(planted: Planted) -> Questions:
    """Every page of the site, about one's own things."""
    home = planted.units["town-a"]
    return [("GET", route.address_of(home) if route.keys() else route.address({}), {}, ANY) for route in routes()]


def told(planted: Planted, asked: Mapping[str, Questions]) -> Told:
    """What each of them is answered: status, headers and words."""
    found = {}
    for name, questions in asked.items():
        asker = Asker(planted.callers[name])
        for method, address, sent, accept in questions:
            answer = asker.ask(method, address, sent, accept)
            headers = _LENGTH.sub("", answer.headers)
            words = f"{answer.status}\n{headers}\n{texts_in(answer.body)}"
            found[name, method, address, str(sent.get("way", "")), accept] = _SERIAL.sub(
                "(a number)", _NEW.sub("(new)", words)
            )
    return found


def changed(planted: Planted, asked: Mapping[str, Questions], between: Callable[[Planted], None]) -> list[str]:
    """The questions that are answered otherwise when something has come between; it is taken back."""
    with clock.frozen(clock.now()):
        before = told(planted, asked)
        with transaction.atomic():
            between(planted)
            after = told(planted, asked)
            transaction.set_rollback(True)
    planted.units.pop(SECOND, None)
    assert len(before) == sum(map(len, asked.values())), "a question was asked twice"
    return [" ".join(question) + _first_other(words, after[question]) for question, words in before.items()
            if after[question] != words]  # fmt: skip


def _first_other(words: str, now: str) -> str:
    lines = zip_longest(words.split("\n"), now.split("\n"), fillvalue="")
    return next((f": {was.strip()[-200:]} -> {line.strip()[-200:]}" for was, line in lines if was != line), "")


def of_officers(planted: Planted, *, every: bool) -> dict[str, Questions]:
    """The questions of those who between them read every list."""
    return {name: of_lists(planted, name, every=every) for name in (WIDEST, "auditor at province")}


def test_lists_counts_exports_and_searches_are_the_same_with_another_federation_beside(planted: Planted) -> None:
    asked = of_officers(planted, every=False)
    assert sum(map(len, asked.values())) > 100
    found = changed(planted, asked, plant_second)
    assert found == [], "\n".join(found[:20])


@pytest.mark.nightly
def test_so_they_are_in_every_order_and_form(planted: Planted) -> None:
    asked = of_officers(planted, every=True)
    assert sum(map(len, asked.values())) > 200
    found = changed(planted, asked, plant_second)
    assert found == [], "\n".join(found[:20])


@pytest.mark.nightly
def test_every_page_is_the_same_with_another_federation_beside(planted: Planted) -> None:
    # Of each role whoever stands highest: the last that was planted.
    roles = {name.split()[0]: name for name, caller in planted.callers.items() if caller.user}
    asked = dict.fromkeys(roles.values(), of_routes(planted))
    found = changed(planted, asked, plant_second)
    assert {line.split()[4] for line in found} == {route.address({}) for route in routes() if route.name in OF_ALL}, (
        "\n".join(found[:20])
    )


def test_control_who_reaches_everywhere_is_shown_and_counted_others(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = UnionClosure.objects.values_list("descendant_id", flat=True)
    monkeypatch.setattr(Scope, "union_ids", lambda self: everywhere)
    monkeypatch.setattr(Scope, "reaches_union", lambda self, union_id: True)
    lists = ("people.persons", "people.households", "people.employers", "cases.needs")
    wanted = {list_kinds.get(code).address("") for code in lists} | {reverse("desk_search")}
    wanted |= {reverse("list_export", args=[code]) for code in lists}
    asked = [one for one in of_lists(planted, WIDEST, every=False) if one[1].partition("?")[0] in wanted]
    found = changed(planted, {WIDEST: asked}, plant_second)
    assert {line.split()[4].partition("?")[0] for line in found} >= wanted
    assert [line for line in found if PLAIN in line], "a sentence counts them"


def test_control_a_count_of_everybody_is_found_where_no_name_is_shown(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ListPage, "count_up_to", lambda self, most: self.found.model.objects.count())
    asked = [one for one in of_lists(planted, WIDEST, every=False) if one[1] == reverse("person_list")]
    found = changed(planted, {WIDEST: asked}, plant_second)
    assert len(found) == len(asked)
    assert [line for line in found if NAMES[SECOND] in line] == []
