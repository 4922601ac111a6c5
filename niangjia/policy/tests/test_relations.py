"""Rules that count dated records: adopted, swept by both back ends, explained and played again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.engines import rules
from niangjia.federation.services import audit
from niangjia.people.services import load
from niangjia.people.services.coverage import record_coverage
from niangjia.people.services.employers import end_employment
from niangjia.people.tests.world import credit_code
from niangjia.policy import bundles, evaluate
from niangjia.policy.explaining import opened, replay
from niangjia.policy.models import Decision, ProgrammeVersion, Standing, Sweep
from niangjia.policy.readings import gather
from niangjia.policy.services.sweeps import everybody, sweep
from niangjia.policy.tests.recipes import GIFT
from niangjia.policy.tests.world import Place, published

STAYERS = {
    **GIFT,
    "programme.yaml": GIFT["programme.yaml"].replace("慰问金", "返岗奖").replace("Gift", "Return bonus"),
    "rules.yaml": """\
conditions:
  - id: twice
    when: count(jobs, in_zone) >= jobs_least
    proof: bureau
    zh: 在园区上过{jobs_least}份班
    en: Has had {jobs_least} jobs in the zone
  - id: working
    when: any(jobs, goes_on and years_since(started_on) >= 1)
    zh: 现在这份工作满一年
    en: Is in a job of a year
amounts:
  gift: gift_each
""",
    "amounts.yaml": """\
gift_each: [{from: 2024-01-01, value: 200000, unit: fen, stated: true}]
jobs_least: [{from: 2024-01-01, value: 2, unit: count, stated: true}]
""",
    "examples.yaml": """\
today: 2024-06-01
examples:
  - name: 两份
    facts: {}
    relations:
      jobs:
        - {in_zone: true, goes_on: false, started_on: 2020-01-01}
        - {in_zone: true, goes_on: true, started_on: 2023-01-01}
    expect: {outcome: yes, amount_fen: 200000}
  - name: 一份
    facts: {}
    relations:
      jobs:
        - {in_zone: true, goes_on: true, started_on: 2023-01-01}
    expect: {outcome: no}
  - name: 不知道
    facts: {}
    expect: {outcome: unknown}
""",
}
OLD, NEW = (date(2020, 3, 1), date(2022, 2, 28)), (date(2024, 5, 1), None)
# name: the jobs in the zone. Only in town-a is the register of employment complete.
JOBS: dict[str, list[tuple[date, date | None]]] = {
    "向日葵": [OLD, NEW], "麦冬冬": [NEW], "金银花": [OLD, NEW], "石榴红": [NEW],
}  # fmt: skip


@pytest.fixture
def version(place: Place) -> ProgrammeVersion:
    """The programme in force, over jobs of which one town's register is complete."""
    folder = Path(str(settings.PROGRAMMES_DIR)) / "stayers"
    folder.mkdir()
    for name, text in STAYERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    county = place.union("county")
    firm = load.NewEmployer(new_public_id(), county, "苦楝木器厂", credit_code(1), 20, True)
    (employer,) = load.load_employers([firm], root_id=county)
    rows = [
        load.NewJob(place.persons[name], employer, "contract", began, ended, None, "花名册", clock.now())
        for name, jobs in JOBS.items()
        for began, ended in jobs
    ]
    load.load_jobs(rows, root_id=county, complete_on=clock.today(), registers={})
    load.load_coverage({"employment": "比对"}, root_id=place.union("town-a"), complete_on=clock.today())
    return published(place, "stayers")


def stood(place: Place, version: ProgrammeVersion) -> dict[str, str]:
    """Where everybody stands, by name."""
    names = {pk: name for name, pk in place.persons.items()}
    return {names[row.subject_id]: row.outcome for row in Standing.objects.filter(version=version)}


def test_records_are_counted_and_what_may_be_missing_is_unknown(place: Place, version: ProgrammeVersion) -> None:
    # One of one recorded where the register is not complete may have had another; two of two are enough.
    assert stood(place, version) == {"向日葵": "yes", "金银花": "yes", "石榴红": "unknown"}
    counts = Sweep.objects.get(version=version).counts
    # 车前草 is recorded nowhere in a town without coverage: nothing was ever heard of her.
    assert {name: counts[name] for name in ("asked", "yes", "unknown", "no", "silent")} == {
        "asked": 6, "yes": 2, "unknown": 1, "no": 2, "silent": 1,
    }  # fmt: skip
    missing = Standing.objects.get(version=version, outcome="unknown")
    assert missing.ask == "person.jobs"


def test_the_decision_explains_itself_and_is_played_again(place: Place, version: ProgrammeVersion) -> None:
    row = Decision.objects.get(version=version, subject_id=place.persons["向日葵"])
    assert replay(row.pk) == []
    assert "2020-03-01" not in row.body
    stored = opened([row.pk])[row.pk]
    assert [one["started_on"]["value"] for one in stored["relations"]["jobs"]["rows"]] == ["2020-03-01", "2024-05-01"]
    words = rules.explain(stored, "zh")
    assert [sentence.text for sentence in words.sentences] == ["在园区上过2份班", "现在这份工作满一年"]
    assert replay(Decision.objects.get(version=version, outcome="unknown").pk) == []


def test_the_second_back_end_is_asked_about_records_too(
    place: Place, version: ProgrammeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = evaluate.records_table

    def one_lost(relation: Any, schema: Any, known: Any) -> Any:
        return plain(relation, schema, known).slice(1)

    monkeypatch.setattr(evaluate, "records_table", one_lost)
    with pytest.raises(evaluate.BackEndsDisagree):
        sweep(version=version, trigger="hand")


def test_chunk_by_chunk_the_records_are_found(version: ProgrammeVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = bundles.programme_of(version.bundle)
    known = everybody(version, programme)
    whole = evaluate.answer_all(programme, known)
    monkeypatch.setattr(evaluate, "CHUNK_ROWS", 2)
    assert evaluate.answer_all(programme, known) == whole


def test_the_end_of_a_job_and_a_register_that_becomes_complete_decide_again(
    place: Place, version: ProgrammeVersion
) -> None:
    audit.advance_feed()
    end_employment(
        person_id=place.persons["向日葵"], spell_id=_running(place.persons["向日葵"]), ended_on=date(2026, 8, 1),
        acting_user=place.user("su"),
    )  # fmt: skip
    record_coverage(
        register="employment", union_id=place.union("county"), complete_on=clock.today(), source="比对",
        acting_user=place.user("su"),
    )  # fmt: skip
    audit.advance_feed()
    assert stood(place, version) == {"向日葵": "no", "金银花": "yes", "石榴红": "no"}


def _running(person_id: int) -> int:
    from niangjia.people.models import EmploymentSpell  # noqa: PLC0415  only here

    return EmploymentSpell.objects.get(person_id=person_id, ended_on=None).pk


def test_members_of_a_household_and_jobs_of_an_employer_are_read_in_bulk(
    place: Place, version: ProgrammeVersion
) -> None:
    home = place.homes["向日葵"]
    known = gather("household", list(place.homes.values()), [], clock.today(), ["members"])
    rows = known.records(home)["members"]
    assert [(row["kin"].value, row["born_on"].value) for row in rows] == [("head", date(2008, 1, 5))]
    assert isinstance(rows, rules.Partial)  # nobody said that the register of members is complete
