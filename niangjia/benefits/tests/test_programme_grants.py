"""A role narrowed to one programme: its lists are handled whole, and nothing else is seen or done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.benefits import lists, overview
from niangjia.benefits.services import answers, freeze, holds, notice, serve
from niangjia.benefits.tests import world
from niangjia.benefits.tests.test_pages import client_of
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import Grant
from niangjia.federation.scopes import Scope, rights_of, scope_of
from niangjia.federation.services.grants import NothingForAProgramme, grant_role, name_deputy
from niangjia.policy import queries as policy

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village

READ = "benefits.list:read"


def narrowed(village: Village, name: str, programme: str, union: str = "county", role: str = "county_officer") -> User:
    user = create_user(username=name, display_name=f"{name}·葵")
    grant_role(
        user=user, role=role, union=village.base.union(union), programme=programme,
        expires_at=clock.now() + timedelta(days=30), acting_user=village.user("su"), reason="只办这一项",
    )  # fmt: skip
    return user


def names(scope: Scope) -> set[str]:
    return {card.programme_slug for card in policy.versions_in(scope, clock.today())}


@pytest.fixture
def two(village: Village) -> tuple[str, str]:
    """Two programmes of the county, published."""
    return world.consolation(village), world.study_aid(village)


def test_whoever_is_for_one_programme_sees_and_handles_that_one(village: Village, two: tuple[str, str]) -> None:
    mine, other = two
    qiu, dong = narrowed(village, "qiu", world.CONSOLATION), narrowed(village, "dong", world.STUDY)
    assert names(scope_of(qiu, READ)) == {world.CONSOLATION}
    assert names(scope_of(dong, READ)) == {world.STUDY}
    su, his = client_of(village.user("su")), client_of(qiu)
    lines = {who: {line.card.programme_slug: line.met for line in overview.programmes(scope_of(who, READ))}
             for who in (qiu, village.user("su"))}  # fmt: skip
    assert lines[qiu] == {world.CONSOLATION: lines[village.user("su")][world.CONSOLATION]}
    for address in ("desk", "desk_lists", "desk_notices", "desk_programmes"):
        assert his.get(reverse(address)).status_code == 200
    assert (
        his.get(reverse("desk_list", args=[mine])).status_code,
        su.get(reverse("desk_list", args=[other])).status_code,
    ) == (200, 200)
    assert his.get(reverse("desk_list", args=[other])).status_code == 404
    plan = freeze.plan_freeze(scope_of(qiu, "benefits.list:freeze"), mine)
    assert len(plan.rows) == 4
    said: Any = {
        "document_number": "云工发〔2026〕21号", "meeting": "主席办公会", "meeting_on": clock.today(),
        "seen": plan.seen, "request_id": "r1", "version_public_id": mine,
    }  # fmt: skip
    with pytest.raises(NotFoundHere):
        freeze.freeze_list(**said, attachment=world.pdf(), acting_user=dong)
    frozen = freeze.freeze_list(**said, attachment=world.pdf(), acting_user=qiu)
    page = reverse("desk_notice", args=[frozen.public_id])
    assert (his.get(page).status_code, client_of(dong).get(page).status_code) == (200, 404)
    scan = his.get(reverse("desk_notice_paper", args=[frozen.public_id]))
    assert b"".join(scan.streaming_content).startswith(b"%PDF")
    for close in scan._resource_closers:  # the file only: the answer would take the database with it
        close()
    assert (list(lists.lists_in(scope_of(qiu, READ))), list(lists.lists_in(scope_of(dong, READ)))) == ([frozen], [])
    _acts(frozen, mine, dong, refused=True)
    _acts(frozen, mine, qiu, refused=False)


def _acts(frozen: Any, version: str, who: User, *, refused: bool) -> None:
    """Everything that is done with a list, by somebody."""
    row = frozen.rows.order_by("position").first()
    acts: list[tuple[Any, dict[str, Any]]] = [
        (answers.set_answer_day, {"version_public_id": version, "day": clock.today()}),
        (notice.start_notice, {"list_public_id": frozen.public_id, "objection_phone": "0000-8010100", "place": "栏"}),
        (notice.release_list, {"list_public_id": frozen.public_id}),
        (freeze.exclude_row, {"list_public_id": frozen.public_id, "row_id": row.pk, "reason": "误列"}),
        (holds.place_hold, {"version_public_id": version, "subject_kind": row.subject_kind,
                            "subject_id": row.subject_id, "reason": "待查"}),
    ]  # fmt: skip
    for act, said in acts:
        if refused:
            with pytest.raises(NotFoundHere):
                act(**said, acting_user=who)
        else:
            act(**said, acting_user=who)
    if refused:
        with pytest.raises(NotFoundHere):
            serve.record_servings(
                list_public_id=frozen.public_id, row_ids=[row.pk], served_on=clock.today(), reference="1",
                acting_user=who,
            )  # fmt: skip


def test_a_narrowed_role_carries_nothing_beside_the_lists_and_reaches_no_further_down(
    village: Village, two: tuple[str, str]
) -> None:
    mine, _other = two
    qiu = narrowed(village, "qiu", world.CONSOLATION)
    his = client_of(qiu)
    assert {code.partition(":")[0] for code in rights_of(qiu)} == {"benefits.list", "policy.programme"}
    for address in ("household_list", "person_list", "rights", "towns"):
        assert his.get(reverse(address)).status_code == 404
    town = narrowed(village, "xia", world.CONSOLATION, "town-b", "town_officer")
    scope = scope_of(town, READ)
    assert (scope.roots, scope.reaches_union(village.union("town-b"))) == (frozenset(), False)
    found = [line.met for line in overview.programmes(scope)]
    assert found == [1]  # 谷满仓 alone lives there
    page = client_of(town).get(reverse("desk_list", args=[mine])).content.decode()
    assert ("谷满仓" in page, "艾草青" in page) == (True, False)


def test_a_whole_role_here_and_a_narrowed_one_there_do_not_widen_each_other(
    village: Village, two: tuple[str, str]
) -> None:
    both = narrowed(village, "qiu", world.CONSOLATION)
    grant_role(
        user=both, role="viewer", union=village.base.union("town-b"), expires_at=clock.now() + timedelta(days=30),
        acting_user=village.user("su"),
    )  # fmt: skip
    scope = scope_of(both, READ)
    assert names(scope) == {world.CONSOLATION, world.STUDY}
    met = {line.card.programme_slug: line.met for line in overview.programmes(scope)}
    assert met[world.CONSOLATION] == 4
    assert scope.of_programme(world.STUDY).roots == {village.union("town-b")}
    assert scope.of_programme(world.CONSOLATION).roots == {village.union("town-b"), village.union("county")}


def test_what_cannot_be_narrowed_is_said_and_a_narrowed_role_passes_nothing_on(village: Village) -> None:
    qiu = narrowed(village, "qiu", world.CONSOLATION)
    with pytest.raises(NothingForAProgramme):
        narrowed(village, "dong", world.CONSOLATION, role="assessor")
    with pytest.raises(RightMissing):
        grant_role(
            user=village.user("bai"), role="county_officer", union=village.base.union("county"),
            programme=world.CONSOLATION, expires_at=clock.now() + timedelta(days=3), acting_user=qiu,
        )  # fmt: skip
    with pytest.raises(NotFoundHere):
        name_deputy(
            grant_id=Grant.objects.get(user=qiu).pk, username="bai", first=clock.today(), last=clock.today(),
            acting_user=qiu,
        )  # fmt: skip


def test_a_narrowed_role_is_given_listed_and_taken_by_page(village: Village, two: tuple[str, str]) -> None:
    su = client_of(village.user("su"))
    su.cookies["language"] = "en"
    sent = {
        "username": "qiu", "name": "秋葵", "role": "county_officer", "union": village.base.union("county").public_id,
        "programme": world.CONSOLATION, "until": (clock.today() + timedelta(days=30)).isoformat(), "reason": "只办慰问",
        "who": "later",
    }  # fmt: skip
    assert su.post(reverse("right_new"), {**sent, "programme": "no-such"}).status_code == 422
    assert "only for" in su.post(reverse("right_new"), sent).content.decode()
    grant = Grant.objects.get(user__username="qiu")
    assert (grant.scope_kind, grant.programme) == ("programme", world.CONSOLATION)
    assert "only for" in su.get(reverse("rights")).content.decode()
    his = client_of(grant.user)
    assert his.get(reverse("desk_list", args=[two[0]])).status_code == 200
    su.post(reverse("right_take", args=[grant.pk]), {"reason": "办完了"})
    assert his.get(reverse("desk_list", args=[two[0]])).status_code == 404
