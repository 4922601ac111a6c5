"""`niangjia audit verify`: an auditor's own walk along the chain, by code that shares nothing with what writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from niangjia.cli.main import main
from niangjia.federation.guards import guards_lifted
from niangjia.federation.services import audit
from niangjia.people.tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

THIRD = "(SELECT row_id FROM federation_auditseal WHERE chain_no = 3)"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """The command for this database, with a chain in it whose head was noted."""
    build_world()
    audit.seal_all()
    heads = tmp_path / "heads.txt"
    heads.write_text(f"2026-08-03T08:30:00+08:00 {audit.head_note()}\n")
    return ["--language", "en", "audit", "verify", "--database", _address(), "--keys", settings.KEY_FILE,
            "--heads", str(heads)]  # fmt: skip


def _address() -> str:
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(said["NAME"])
    return f"postgresql:///{said['NAME']}?host={said['HOST']}&user={said['USER']}&port={said['PORT'] or 5432}"


def _tamper(query: str) -> None:
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute(query)


def test_the_chain_that_the_site_wrote_holds_for_a_stranger_to_its_code(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert audit.head_note() in capsys.readouterr().out


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"UPDATE federation_auditrow SET after = '' WHERE id = {THIRD}", "Place 3: a row was changed"),
        ("DELETE FROM federation_auditseal WHERE chain_no = 4", "Place 4: a link is missing"),
        ("DELETE FROM federation_auditseal WHERE chain_no > 5", "shorter than a head"),
    ],
)
def test_tampering_is_found_where_it_was_done(
    words: list[str], query: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _tamper(query)
    assert main(words) == 1
    assert said in capsys.readouterr().out


def test_another_key_finds_every_link_wrong(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "other.json"
    keys.write_text(json.dumps({"chain": "00" * 32}))
    assert main([str(keys) if word == settings.KEY_FILE else word for word in words]) == 1
    assert "Place 1" in capsys.readouterr().out


def test_what_cannot_be_read_is_said(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.sqlite3") if word == _address() else word for word in words]) == 2
    (tmp_path / "heads.txt").write_text("nonsense\n")
    assert main(words) == 2
    assert "not a head" in capsys.readouterr().err
