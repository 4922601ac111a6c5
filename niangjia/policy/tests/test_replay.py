"""A decision made again from its row and its version alone, in another process, and what it names."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from niangjia.core import crypto
from niangjia.policy.explaining import opened, replay
from niangjia.policy.models import Decision, ProgrammeVersion
from niangjia.policy.tests.world import Place, by_force, published

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[3]
DECISION, VERSION = "policy_decision", "policy_programmeversion"


def row_of(place: Place, name: str) -> Decision:
    """The latest decision about somebody."""
    return Decision.objects.filter(subject_id=place.persons[name]).latest("pk")


def run_elsewhere(row: Decision, *more: str) -> subprocess.CompletedProcess[str]:
    """Play a decision again in a new process that has no database: the paper and the keys are all it gets."""
    from io import StringIO  # noqa: PLC0415  only here

    paper = StringIO()
    call_command("decision_paper", row.public_id, stdout=paper)
    return subprocess.run(
        [sys.executable, "-m", "niangjia.cli", "--language", "en", "replay", "-", "--keys", settings.KEY_FILE, *more],
        input=paper.getvalue(), capture_output=True, text=True, cwd=ROOT, check=False,
        env={"PATH": "/usr/bin", "DATABASE_URL": "postgres://nobody@nowhere/none", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["向日葵", "麦冬冬", "金银花", "无患子"])
def test_every_kind_of_decision_comes_out_the_same_elsewhere(place: Place, name: str) -> None:
    published(place)
    done = run_elsewhere(row_of(place, name))
    assert (done.returncode, done.stdout) == (0, "everything agrees\n")
    assert replay(row_of(place, name).pk) == []


def reseal(row: Decision, code: str, value: Any) -> str:
    """The body with one fact's value replaced by somebody who even has the person's key."""
    from niangjia.people.queries import seal_keys  # noqa: PLC0415  only here

    body = json.loads(row.body)
    key = seal_keys(row.subject_kind, [row.subject_id])[row.subject_id]
    body["facts"][code]["reading"]["sealed_value"] = crypto.seal(
        json.dumps(value), bound_to=f"decision:{row.public_id}:{code}.value", key=key
    )
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_changed_fact_is_named(place: Place) -> None:
    published(place)
    row = row_of(place, "向日葵")
    changed = reseal(row, "household.income_per_head", 90_000)
    by_force(DECISION, "UPDATE policy_decision SET body = %s WHERE id = %s", [changed, row.pk])
    done = run_elsewhere(row)
    assert done.returncode == 1
    assert done.stdout.startswith("fact household.income_per_head: ")
    assert ("fact", "household.income_per_head") in [(one.kind, one.name) for one in replay(row.pk)]


def test_a_value_moved_here_from_another_decision_is_named(place: Place) -> None:
    published(place)
    mine, other = row_of(place, "向日葵"), row_of(place, "金银花")
    token = json.loads(other.body)["facts"]["household.income_per_head"]["reading"]["sealed_value"]
    body = json.loads(mine.body)
    body["facts"]["household.income_per_head"]["reading"]["sealed_value"] = token
    by_force(DECISION, "UPDATE policy_decision SET body = %s WHERE id = %s", [json.dumps(body), mine.pk])
    assert ("fact", "household.income_per_head") in [(one.kind, one.name) for one in replay(mine.pk)]


VERSIONS = [
    ("value: 500000", "value: 800000", "amount aid_per_student"),
    (
        "household.income_per_head <= income_line\\n    near",
        "household.income_per_head < income_line\\n    near",
        "condition income",
    ),
    ("人均收入不超过{income_line}", "人均收入低于{income_line}", "condition income"),
    ("proof: document", "proof: stated", "condition letter"),
]


@pytest.mark.parametrize(("old", "new", "named"), VERSIONS, ids=[named for _old, _new, named in VERSIONS])
def test_a_changed_number_or_condition_of_the_stored_version_is_named(
    place: Place, old: str, new: str, named: str
) -> None:
    version = published(place)
    assert version.bundle.count(old) == 1
    bundle = version.bundle.replace(old, new)
    by_force(VERSION, "UPDATE policy_programmeversion SET bundle = %s WHERE id = %s", [bundle, version.pk])
    done = run_elsewhere(row_of(place, "向日葵"))
    assert done.returncode == 1
    assert f"{named}: " in done.stdout


ROWS = [
    ("outcome = 'no'", "outcome outcome"),
    ("amount_fen = 1", "outcome amount_fen"),
    ("digest = 'x'", "hash digest"),
]


@pytest.mark.parametrize(("change", "named"), ROWS)
def test_a_row_that_no_longer_says_what_its_body_says_is_named(place: Place, change: str, named: str) -> None:
    published(place)
    row = row_of(place, "向日葵")
    by_force(DECISION, f"UPDATE policy_decision SET {change} WHERE id = %s", [row.pk])
    assert f"{named}: " in run_elsewhere(row).stdout


def test_a_forged_result_with_fresh_digests_needs_the_installations_key(place: Place) -> None:
    published(place)
    row = row_of(place, "金银花")
    done = run_elsewhere(row)
    assert done.returncode == 0
    other = Path(settings.KEY_FILE).with_name("other-keys.json")
    other.write_text(json.dumps({"chain": "ab" * 32}))
    forged = run_elsewhere(row, "--keys", str(other))
    assert forged.returncode == 1


def test_no_value_about_a_person_stands_open_in_a_decision(place: Place) -> None:
    published(place)
    row = row_of(place, "向日葵")
    assert opened([row.pk])[row.pk]["facts"]["household.income_per_head"]["reading"]["value"] == 120_000
    readings = [item["reading"] for item in json.loads(row.body)["facts"].values()]
    assert len(readings) == 3
    assert all("value" not in reading and "records" not in reading for reading in readings)
    assert "120000" not in row.body
    assert "2008-01-05" not in row.body


def test_when_a_persons_key_is_forgotten_the_row_stays_and_the_values_are_gone(place: Place) -> None:
    published(place)
    row = row_of(place, "向日葵")
    forgotten = crypto.seal(crypto.new_key().hex(), bound_to="people.person.data_key")
    by_force("people_person", "UPDATE people_person SET data_key = %s WHERE id = %s", [forgotten, row.subject_id])
    stored = opened([row.pk])[row.pk]
    reading = stored["facts"]["household.income_per_head"]["reading"]
    assert (reading["value"], reading["unknown"]) == (None, "unreadable")
    assert ProgrammeVersion.objects.filter(pk=row.version_id).exists()
