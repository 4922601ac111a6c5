"""What rooms above read: only what is in scope, in a fixed number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import scope_of, system_scope
from niangjia.federation.services import audit
from niangjia.people.services.persons import move_person
from niangjia.policy import queries
from niangjia.policy.models import Decision, Standing
from niangjia.policy.services.publishing import withdraw
from niangjia.policy.services.sweeps import sweep
from niangjia.policy.tests.world import STUDENTS, Place, add_students, published

READ = "policy.programme:read"


def test_a_town_reads_its_own_people_and_the_countys_programme(place: Place) -> None:
    version = published(place)
    town_a, town_b = {"向日葵", "麦冬冬", "无患子"}, {"金银花"}
    for name, mine in (("jiang", town_a), ("bai", town_b), ("su", town_a | town_b)):
        scope = scope_of(place.user(name), READ)
        card = queries.version_card(scope, version.public_id)
        rows = queries.standings(scope, card.id)
        assert {row.subject_id for row in rows} == {place.persons[one] for one in mine}
        counted = queries.standing_counts(scope, card.id)
        assert sum(count.subjects for count in counted.values()) == len(mine)


def test_who_has_no_scope_there_finds_nothing(place: Place) -> None:
    version = published(place)
    far = scope_of(place.base.officer("far", "town_officer", "far-town"), READ)
    with pytest.raises(NotFoundHere):
        queries.version_card(far, version.public_id)
    assert queries.versions_in(far, clock.today()) == []
    assert queries.standings(far, version.pk) == []
    assert queries.counts_of(far, [version.pk]) == {}
    for row in Decision.objects.all():
        with pytest.raises(NotFoundHere):
            queries.explanation(row.public_id, far)
        with pytest.raises(NotFoundHere):
            queries.explanation(row.public_id, own_subjects={"person": [place.persons["艾草青"]]})
        with pytest.raises(NotFoundHere):
            queries.explanation(row.public_id)


def test_a_card_says_what_the_text_says(place: Place) -> None:
    version = published(place)
    with translation.override("zh-hans"):
        card = queries.version_card(system_scope(), version.public_id)
    assert (card.name, card.edition, card.unit, card.amount_text) == ("助学", "2026年版", "人", "5,000.00元")
    assert (card.notice_days, card.notice_before_approval, card.per) == (7, False, ("person",))
    with translation.override("en"):
        english = queries.cards_of([version.pk])[version.pk]
    assert (english.name, english.edition, english.amount_text) == ("Study aid", "2026 edition", "5,000.00 yuan")


def test_filters_of_standings_leave_only_what_was_asked_for(place: Place) -> None:
    version = published(place)
    scope = system_scope()
    assert len(queries.standings(scope, version.pk, tab="one_missing")) == 2
    asked = queries.standings(scope, version.pk, ask="person.admission_letter")
    assert [(row.subject_id, row.ask_label, row.supplier) for row in asked] == [
        (place.persons["麦冬冬"], "录取通知书或在读证明", "person")
    ]
    assert queries.standings(scope, version.pk, subjects={"household": [place.persons["向日葵"]]}) == []


def test_a_decision_explains_itself_sentence_by_sentence(place: Place) -> None:
    published(place)
    row = Decision.objects.get(subject_id=place.persons["麦冬冬"])
    found = queries.explanation(row.public_id, system_scope(), "zh")
    assert found.explanation.headline.startswith("只差一样：录取通知书或在读证明（本人）")
    first, income, _age = found.explanation.sentences
    assert (first.mark, income.mark) == ("ask", "yes")
    assert income.text == "人均收入不超过1,500.00元"
    assert (income.fact_value_text, income.source, str(income.on)) == ("1,180.00元", "入户", "2026-05-01")
    assert first.clause is not None
    assert (first.clause.title, first.clause.article) == ("《测试办法》", "第三条")


def test_a_row_of_a_list_gets_one_sentence_and_its_oldest_fact(place: Place) -> None:
    published(place)
    row = Decision.objects.get(subject_id=place.persons["向日葵"])
    reason = queries.reasons([row.pk], "zh")[row.pk]
    assert reason.because == "录取通知书或在读证明；家庭人均月收入：1,200.00元；出生日期：2008年1月5日。"
    assert reason.oldest is not None
    assert str(reason.oldest.on) == "2026-05-01"


def test_own_standings_are_kept_ones_or_decided_on_the_spot(place: Place) -> None:
    version = published(place)
    who = {"person": [place.persons["向日葵"], place.persons["石榴红"]], "household": [place.homes["向日葵"]]}
    found = {one.subject_id: one for one in queries.own_standings(who, clock.today())}
    assert set(found) == set(who["person"])
    kept, spot = found[place.persons["向日葵"]], found[place.persons["石榴红"]]
    assert kept.standing is not None
    assert kept.standing.version_id == version.pk
    assert (kept.tab, kept.amount_fen) == ("yes", 500_000)
    assert spot.standing is None
    assert (spot.tab, spot.outcome) == ("no", "no")
    assert spot.explanation.sentences[1].fact_value_text == "3,000.00元"
    assert Standing.objects.filter(subject_id=place.persons["石榴红"]).count() == 0


def test_who_lives_beyond_the_area_is_offered_nothing(place: Place) -> None:
    published(place)
    assert queries.own_standings({"person": [place.persons["艾草青"]]}, clock.today()) == []


def test_a_programme_that_was_taken_back_is_offered_to_nobody(place: Place) -> None:
    version = published(place)
    withdraw(version_public_id=version.public_id, reason="文件废止", acting_user=place.user("lian"))
    assert queries.published_versions(clock.today()) == []
    assert queries.own_standings({"person": [place.persons["向日葵"]]}, clock.today()) == []
    with pytest.raises(NotFoundHere):
        queries.version_card(system_scope(), version.public_id)


def test_reads_take_the_same_queries_for_few_and_for_many(place: Place) -> None:
    version = published(place)
    scope = scope_of(place.user("su"), READ)

    def read_all() -> int:
        with CaptureQueriesContext(connection) as used:
            rows = queries.standings(scope, version.pk)
            queries.counts_of(scope, [version.pk])
            queries.reasons([row.decision_id for row in rows])
            queries.own_standings({"person": [row.subject_id for row in rows]}, clock.today())
        return len(used)

    few = read_all()
    more = {f"{name}{number}": row for number in range(10) for name, row in STUDENTS.items()}
    add_students(place, more)
    sweep(version=version, trigger="hand")
    assert read_all() == few


def test_a_decision_is_read_where_the_person_belongs_now(place: Place) -> None:
    version = published(place)
    audit.advance_feed()
    row = Decision.objects.get(subject_id=place.persons["向日葵"])
    su, jiang, bai = place.user("su"), scope_of(place.user("jiang"), READ), scope_of(place.user("bai"), READ)
    move_person(person_id=place.persons["向日葵"], to_union_id=place.union("town-b"), on=clock.today(), acting_user=su)
    audit.advance_feed()
    for scope, found in ((bai, 1), (jiang, 0)):
        rows = queries.standings(scope, version.pk, subjects={"person": [place.persons["向日葵"]]})
        assert len(rows) == found
    assert queries.explanation(row.public_id, bai).subject_id == place.persons["向日葵"]
    with pytest.raises(NotFoundHere):
        queries.explanation(row.public_id, jiang)


def test_who_moved_out_of_the_area_is_read_where_he_is_now(place: Place) -> None:
    version = published(place)
    move_far = {"person_id": place.persons["向日葵"], "to_union_id": place.union("far-town"), "on": clock.today()}
    place.base.officer("city", "county_officer", "city")
    move_person(**move_far, acting_user=place.user("city"))
    sweep(version=version, trigger="nightly")
    assert Standing.objects.get(subject_id=place.persons["向日葵"]).union_id == place.union("far-town")
    town = queries.standings(scope_of(place.user("su"), READ), version.pk)
    assert place.persons["向日葵"] not in {row.subject_id for row in town}
