"""All programmes of one kind of subject in one pass: read once, answered as if each were asked alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from niangjia.core import clock
from niangjia.engines import rules
from niangjia.policy import bundles, evaluate
from niangjia.policy.catalogue import fact_of
from niangjia.policy.models import Decision, ProgrammeVersion, Standing, Sweep
from niangjia.policy.services import sweeps
from niangjia.policy.services.sweeps import SweepsFailed, sweep, sweep_all
from niangjia.policy.tests.world import Place, by_force, know, published

VERSION = "policy_programmeversion"


def move_to(version: ProgrammeVersion, union_id: int) -> None:
    """Make a version hold for another area only."""
    by_force(VERSION, "UPDATE policy_programmeversion SET area_id = %s WHERE id = %s", [union_id, version.pk])


def standings(version: ProgrammeVersion) -> list[dict[str, Any]]:
    """Everything that is kept of a version, without keys."""
    rows = Standing.objects.filter(version=version).order_by("subject_id")
    return [{name: value for name, value in row.items() if name not in {"id", "decision_id"}} for row in rows.values()]


def test_together_everything_is_as_when_each_is_asked_alone(place: Place) -> None:
    aid, gift = published(place), published(place, "gift")
    move_to(gift, place.union("town-b"))
    alone = [sweep(version=ProgrammeVersion.objects.get(pk=one.pk), trigger="hand").counts for one in (aid, gift)]
    kept = [standings(aid), standings(gift)]
    assert sweep_all() == "2 versions, 0 decisions written"
    runs = {run.version_id: run.counts for run in Sweep.objects.filter(trigger="nightly")}
    assert [runs[aid.pk], runs[gift.pk]] == alone
    assert [standings(aid), standings(gift)] == kept
    assert [one["asked"] for one in alone] == [6, 3]


def test_each_fact_is_read_once_for_all_versions(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        move_to(published(place, "gift"), place.union("town-b"))
        published(place)
    read: Counter[str] = Counter()

    def counted(subject: str, code: str) -> Any:
        read[code] += 1
        return fact_of(subject, code)

    monkeypatch.setattr("niangjia.policy.readings.fact_of", counted)
    sweep_all()
    assert set(read.values()) == {1}
    assert {"born_on", "household.hardship_in_file"} <= set(read)


def test_a_version_on_which_the_back_ends_differ_writes_nothing_and_the_others_are_kept(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    aid, gift = published(place), published(place, "gift")
    plain = evaluate.ask_together

    def one_fen_more(questions: Any, known: Any) -> None:
        plain(questions, known)
        for name, question in questions.items():
            if name == str(aid.pk):
                question.answers = {
                    pk: replace(one, amount_fen=(one.amount_fen or 0) + 1) for pk, one in question.answers.items()
                }

    monkeypatch.setattr(sweeps, "ask_together", one_fen_more)
    know(place, "麦冬冬", "admission_letter", True)
    before = Decision.objects.count(), standings(aid)
    with pytest.raises(SweepsFailed, match=r"^助学: "):
        sweep_all()
    assert (Decision.objects.count(), standings(aid)) == before
    assert [run.version_id for run in Sweep.objects.filter(trigger="nightly")] == [gift.pk]


def test_a_number_out_of_range_stops_its_own_programme_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    aid, gift = published(place), published(place, "gift")
    plain = evaluate.ask_together

    def overflowing(questions: Any, known: Any) -> None:
        if str(aid.pk) in questions:
            raise rules.RuleOverflow("too large")
        plain(questions, known)

    monkeypatch.setattr(sweeps, "ask_together", overflowing)
    with pytest.raises(SweepsFailed, match=r"^助学: too large$"):
        sweep_all()
    assert [run.version_id for run in Sweep.objects.filter(trigger="nightly")] == [gift.pk]
    with pytest.raises(rules.RuleOverflow):
        sweep(version=aid, trigger="hand")


def test_chunk_by_chunk_the_answers_are_the_same(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    version = published(place)
    programme = bundles.programme_of(version.bundle)
    known = sweeps.everybody(version, programme)
    whole = evaluate.answer_all(programme, known)
    monkeypatch.setattr(evaluate, "CHUNK_ROWS", 2)
    assert evaluate.answer_all(programme, known) == whole
    assert [one.subject_id for one in whole] == known.ids
    assert known.today == clock.today()
