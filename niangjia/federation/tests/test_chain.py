"""The audit chain: the database refuses changes, and seven ways of tampering are all found."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock, duties
from niangjia.federation import anchors, trail
from niangjia.federation.actions import AuditAction, actions
from niangjia.federation.guards import guards_lifted
from niangjia.federation.listing.asked import read
from niangjia.federation.listing.house import TRAIL
from niangjia.federation.models import AuditRow, AuditSeal, AuditWaiting, ChainWalk, Union
from niangjia.federation.scopes import system_scope
from niangjia.federation.services import audit, chain_walks
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.federation.services.tree import found_union

pytestmark = pytest.mark.django_db
ROWS = 12


@pytest.fixture
def anchor() -> tuple[int, str]:
    """A chain of some length, whose head was noted outside."""
    actions.register("test.plant:water", AuditAction("test.plant:water", "watered a plant"))
    _act(ROWS)
    audit.seal_new_rows()
    return audit.parse_head(audit.head_note())


def _act(times: int) -> None:
    for number in range(times):
        with transaction.atomic():
            audit.record(
                "test.plant:water",
                acting_user=None,
                object_kind="plant",
                object_id=number + 1,
                after={"litres": number},
            )


def test_a_row_reads_in_words_with_its_amount_in_yuan_and_what_is_sealed_stays_sealed() -> None:
    actions.register("test.plant:sell", AuditAction("test.plant:sell", "sold a plant"))
    with transaction.atomic():
        audit.record(
            "test.plant:sell", acting_user=None, object_kind="frozen_list", object_id=7,
            after={"amount_fen": 200_000, "value": "p:" + "x" * 30, "litres": 1},
        )  # fmt: skip
    with translation.override("zh-hans"):
        row = trail.in_words([AuditRow.objects.get()])[0]
        assert (str(row.kind_words), row.object_id) == ("定稿名单", 7)
        assert dict(row.details) == {"金额": "2,000.00元", "内容": "（已加密）", "litres": "1"}
    asked = read(TRAIL, system_scope(), {"action": "test.plant:sell", "kind": "frozen_list"})
    assert asked.is_understood
    assert ("test.plant:sell", "sold a plant") in asked.offered["action"]
    assert not read(TRAIL, system_scope(), {"kind": "plant"}).is_understood


def _run(query: str, values: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values or [])


def _rehash_all() -> None:
    """What somebody with the database and the key can do."""
    previous = audit.FIRST_LINK
    for seal in AuditSeal.objects.select_related("row").order_by("chain_no"):
        previous = audit.link(previous, seal.chain_no, seal.row)
        _run("UPDATE federation_auditseal SET digest = %s WHERE chain_no = %s", [previous, seal.chain_no])


def _edit(rng: random.Random) -> None:
    row = rng.choice(list(AuditRow.objects.all()))
    _run("UPDATE federation_auditrow SET after = %s WHERE id = %s", ['{"litres":99}', row.pk])


def _delete(rng: random.Random) -> None:
    seal = rng.choice(list(AuditSeal.objects.filter(chain_no__lt=ROWS)))
    _run("DELETE FROM federation_auditseal WHERE chain_no = %s", [seal.chain_no])
    _run("DELETE FROM federation_auditrow WHERE id = %s", [seal.row_id])
    for later in AuditSeal.objects.filter(chain_no__gt=seal.chain_no).order_by("chain_no").values_list("pk", flat=True):
        _run("UPDATE federation_auditseal SET chain_no = %s WHERE chain_no = %s", [later - 1, later])


def _swap(rng: random.Random) -> None:
    one, other = rng.sample(list(AuditRow.objects.all()), 2)
    for row, values in ((one, other), (other, one)):
        _run(
            "UPDATE federation_auditrow SET object_id = %s, after = %s WHERE id = %s",
            [values.object_id, values.after, row.pk],
        )


def _insert(rng: random.Random) -> None:
    place = rng.randrange(1, ROWS)
    for later in AuditSeal.objects.filter(chain_no__gt=place).order_by("-chain_no").values_list("pk", flat=True):
        _run("UPDATE federation_auditseal SET chain_no = %s WHERE chain_no = %s", [later + 1, later])
    with transaction.atomic():
        row = audit.record("test.plant:water", acting_user=None, object_kind="plant", object_id=777)
    before = AuditSeal.objects.get(chain_no=place)
    AuditSeal.objects.create(chain_no=place + 1, row=row, digest=audit.link(before.digest, place + 1, row))


def _truncate(rng: random.Random) -> None:
    keep = rng.randrange(1, ROWS)
    gone = list(AuditSeal.objects.filter(chain_no__gt=keep).values_list("row_id", flat=True))
    _run("DELETE FROM federation_auditseal WHERE chain_no > %s", [keep])
    for row_id in gone:
        _run("DELETE FROM federation_auditrow WHERE id = %s", [row_id])


def _edit_and_rehash(rng: random.Random) -> None:
    _edit(rng)
    _rehash_all()


def _truncate_and_rehash(rng: random.Random) -> None:
    _truncate(rng)
    _edit(rng)
    _rehash_all()


TAMPERINGS: list[Callable[[random.Random], None]] = [
    _edit, _delete, _swap, _insert, _truncate, _edit_and_rehash, _truncate_and_rehash,
]  # fmt: skip
UNSEEN_WITHOUT_A_HEAD = {_truncate, _edit_and_rehash, _truncate_and_rehash}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_every_tampering_is_found_with_a_noted_head(
    anchor: tuple[int, str], tamper: Callable[[random.Random], None], seed: int
) -> None:
    assert audit.verify_chain(anchor).broken is None
    with guards_lifted(connection):
        tamper(random.Random(seed))
    assert audit.verify_chain(anchor).broken is not None


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_without_a_noted_head_a_cut_or_rewritten_chain_looks_whole(
    anchor: tuple[int, str], tamper: Callable[[random.Random], None]
) -> None:
    with guards_lifted(connection):
        tamper(random.Random(7))
    seen = audit.verify_chain().broken is not None
    assert seen is (tamper not in UNSEEN_WITHOUT_A_HEAD)


def test_a_chain_that_grew_still_holds_against_an_older_head(anchor: tuple[int, str]) -> None:
    _act(5)
    assert audit.verify_chain(anchor).unsealed == 5
    audit.seal_new_rows()
    state = audit.verify_chain(anchor)
    assert (state.broken, state.links, state.unsealed) == (None, ROWS + 5, 0)


@pytest.mark.parametrize("table", ["federation_auditrow", "federation_auditseal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_audit_rows(anchor: tuple[int, str], table: str, verb: str) -> None:
    query = verb.format(table).replace("digest", "digest" if table.endswith("seal") else "reason")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _run(query)
    assert audit.verify_chain(anchor).broken is None


def test_the_guards_stand_again_after_they_were_lifted(anchor: tuple[int, str]) -> None:
    with guards_lifted(connection):
        _run("UPDATE federation_auditrow SET reason = reason")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _run("UPDATE federation_auditrow SET reason = reason")


def test_an_act_outside_a_transaction_or_unregistered_is_refused(anchor: tuple[int, str]) -> None:
    with transaction.atomic(), pytest.raises(KeyError):
        audit.record("test.plant:unheard", acting_user=None, object_kind="plant", object_id=1)


def test_the_command_prints_the_head_and_verifies_against_it(anchor: tuple[int, str]) -> None:
    out = StringIO()
    call_command("audit", "head", stdout=out)
    head = out.getvalue().strip()
    assert head.startswith(f"{ROWS}:")
    call_command("audit", "verify", "--head", head, stdout=out)
    assert f"{ROWS} links hold" in out.getvalue()
    with guards_lifted(connection):
        _truncate(random.Random(1))
    with pytest.raises(CommandError, match="shorter than the head"):
        call_command("audit", "verify", "--head", head, stdout=out)
    with pytest.raises(CommandError, match="--head wants"):
        call_command("audit", "verify", "--head", "nonsense", stdout=out)


def test_heads_are_added_to_a_file_and_every_one_of_them_is_compared(anchor: tuple[int, str], tmp_path: Path) -> None:
    noted, out = tmp_path / "heads.txt", StringIO()
    for _ in range(3):
        call_command("audit", "head", "--to", str(noted), stdout=out)
        _act(2)
    assert [head[0] for head in anchors.noted_heads(noted)] == [ROWS, ROWS + 2, ROWS + 4]
    call_command("audit", "verify", "--heads", str(noted), stdout=out)
    assert "fits the 3 heads" in out.getvalue()
    # Computed anew from place 13 on: the first head still fits, the second tells.
    with guards_lifted(connection):
        _run("UPDATE federation_auditrow SET reason = 'x' WHERE id = %s", [AuditSeal.objects.get(pk=ROWS + 1).row_id])
        _rehash_all()
    assert audit.verify_chain(anchor).broken is None
    with pytest.raises(CommandError, match=f"place {ROWS + 2}: the chain was computed anew"):
        call_command("audit", "verify", "--heads", str(noted), stdout=out)


def test_the_ticker_notes_the_head_where_the_auditor_keeps_it(
    anchor: tuple[int, str], tmp_path: Path, settings: LazySettings
) -> None:
    duty = duties.duties.get("federation.note-head")
    assert "no file" in str(duty.function())
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads.txt")
    for _ in range(2):
        _act(1)
        duty.function()
    assert [place for place, _digest in anchors.noted_heads(tmp_path / "heads.txt")] == [ROWS + 1, ROWS + 2]


def test_the_auditors_page_says_since_when_his_file_could_not_be_written(
    anchor: tuple[int, str], tmp_path: Path, settings: LazySettings, client: Client
) -> None:
    """As with a folder the service may not write to: the journal alone is read by nobody."""
    union = found_union(
        code="990123", name="云禾县总工会", kind=Union.Kind.FEDERATION, level=Union.Level.COUNTY, parent=None,
        on=clock.today(), acting_user=None,
    )  # fmt: skip
    auditor = create_user(username="yuanzhi", display_name="远志", password="a plant by the way")
    grant_role(user=auditor, role="auditor", union=union, expires_at=clock.now() + timedelta(days=9), acting_user=None)
    client.force_login(auditor)
    settings.AUDIT_HEADS_FILE = str(tmp_path / "not-there" / "heads.txt")
    for minute in (0, 10, 20):
        with clock.frozen(datetime(2026, 8, 3, 10, minute, tzinfo=clock.LOCAL)):
            duties.run_due()
    address, said = reverse("audit_trail"), "2026-08-03 10:10"
    assert said in client.get(address).content.decode()
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads.txt")
    with clock.frozen(datetime(2026, 8, 3, 10, 30, tzinfo=clock.LOCAL)):
        duties.run_due()
    assert said not in client.get(address).content.decode()


def test_a_file_of_heads_that_proves_nothing_is_refused(anchor: tuple[int, str], tmp_path: Path) -> None:
    noted = tmp_path / "heads.txt"
    for content, said in (("", "holds no head"), ("2026-08-03 12:abc\n", "line 1"), ("\n", "line 1")):
        noted.write_text(content)
        with pytest.raises(CommandError, match=said):
            call_command("audit", "verify", "--heads", str(noted), stdout=StringIO())
    with pytest.raises(CommandError, match="No such file"):
        call_command("audit", "verify", "--heads", str(tmp_path / "none"), stdout=StringIO())


def test_whether_rows_wait_is_read_from_those_that_wait_and_not_from_the_whole_trail(anchor: tuple[int, str]) -> None:
    def asked() -> tuple[bool, str]:
        with CaptureQueriesContext(connection) as queries:
            return audit.has_unsealed(), " ".join(query["sql"] for query in queries)

    assert asked()[0] is False
    _act(2)
    waits, sql = asked()
    assert (waits, "auditwaiting" in sql, "auditseal" in sql, "auditrow" in sql) == (True, True, False, False)
    with CaptureQueriesContext(connection) as queries:
        assert audit.seal_new_rows() == 2
    assert not [query["sql"] for query in queries if "LEFT OUTER JOIN" in query["sql"]]
    assert asked()[0] is False


def test_a_row_that_is_rolled_back_waits_for_nothing_and_many_at_once_all_wait(anchor: tuple[int, str]) -> None:
    with transaction.atomic():
        _act(1)
        transaction.set_rollback(True)
    assert not audit.has_unsealed()
    with transaction.atomic():
        audit.record_many(
            "test.plant:water", acting_user=None, rows=[audit.NewRow("plant", n, None, {}, {}) for n in range(3)]
        )
    assert (AuditWaiting.objects.count(), audit.seal_new_rows(), AuditWaiting.objects.count()) == (3, 3, 0)


@pytest.fixture
def auditor(anchor: tuple[int, str]) -> User:
    user = create_user(username="yuan", display_name="芫·葵")
    union = found_union(
        code="c", name="c", kind="federation", level="county", parent=None, on=date(2001, 1, 1), acting_user=None
    )
    grant_role(user=user, role="auditor", union=union, expires_at=ten_years_from_now(), acting_user=None)
    return user


def test_a_long_chain_is_walked_in_stretches_and_the_page_tells_how_far(
    auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_walks, "STRETCH", 5)
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(auditor)
    address, head = reverse("audit_verify"), audit.head_note()
    assert client.post(address, {"head": head}).headers["Location"] == address
    page = client.get(address).content.decode()
    walk = ChainWalk.objects.get()
    assert f"5 of {walk.until} links hold so far" in page
    assert "5 of" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    audit.seal_all()
    steps = 0
    while chain_walks.walk_on():
        steps += 1
    assert steps == -(-walk.until // 5) - 1
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 286
    page = client.get(address).content.decode()
    assert f"All {walk.until} links hold" in page
    assert "is part of it" in page


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_a_walk_in_stretches_finds_what_a_walk_in_one_finds(
    auditor: User, anchor: tuple[int, str], tamper: Callable[[random.Random], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_walks, "STRETCH", 5)
    with guards_lifted(connection):
        tamper(random.Random(3))
    audit.seal_all()  # what waits has its place before either walk
    found = audit.verify_chain(anchor).broken
    walk = chain_walks.begin_walk(noted=anchor, acting_user=auditor)
    while chain_walks.walk_on():
        pass
    walk.refresh_from_db()
    assert found is not None
    assert (walk.broken_at, walk.broken_how) == (found.chain_no, found.what)


@pytest.mark.nightly
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_fifty_tamperings_of_each_kind_are_found(
    anchor: tuple[int, str], tamper: Callable[[random.Random], None]
) -> None:
    found = 0
    for seed in range(100, 150):
        with transaction.atomic():
            with guards_lifted(connection):
                tamper(random.Random(seed))
            found += audit.verify_chain(anchor).broken is not None
            transaction.set_rollback(True)
    assert found == 50
    assert audit.verify_chain(anchor).broken is None, "what was tampered with did not come back"


def test_readers_of_the_feed_get_each_row_once_in_the_chains_order(
    anchor: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    monkeypatch.setattr(audit, "feed_readers", type(audit.feed_readers)("feed readers"))
    audit.feed_readers.register("test", lambda rows: read.extend(row.pk for row in rows))
    audit.advance_feed()
    _act(3)
    audit.advance_feed()
    audit.advance_feed()
    assert read == list(AuditSeal.objects.order_by("chain_no").values_list("row_id", flat=True))


def test_a_reader_that_fails_reads_the_same_rows_again(
    anchor: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def fails_once(rows: object) -> None:
        read.append(len(rows))  # type: ignore[arg-type]
        if len(read) == 1:
            raise RuntimeError("a broken pipe")

    monkeypatch.setattr(audit, "feed_readers", type(audit.feed_readers)("feed readers"))
    audit.feed_readers.register("test", fails_once)
    with pytest.raises(RuntimeError):
        audit.advance_feed()
    audit.advance_feed()
    assert read == [ROWS, ROWS]
