"""Taking a snapshot for work outside the database, and removing it when its time is over."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.core.ids import new_public_id
from niangjia.core.whole import OutputRefused, whole_folder
from niangjia.engines.rules.batch.sealed import SnapshotKey, write_key
from niangjia.engines.rules.late import pa, pq
from niangjia.federation.queries import public_ids
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.policy.bundles import SUBJECTS
from niangjia.policy.models import Snapshot
from niangjia.policy.pseudonyms import Pseudonyms, tables_of

TAKE = "policy.snapshot:take"
MANIFEST = "snapshot.json"
LONGEST_HOURS = 72


class WhyMissing(Refusal):
    """People's facts leave the database for a reason or not at all."""

    sentence = _("Please say what the snapshot is for. Nothing was written.")


class LivesTooLong(Refusal):
    """A snapshot is for a piece of work, not for keeping."""

    sentence = _("A snapshot lives for at least one hour and at most 72. Nothing was written.")


class NoPlace(Refusal):
    """Something is there already, or nothing can be written."""


class KeyBesideData(Refusal):
    """A key in the folder it opens is no key."""

    sentence = _("The key must not lie in the folder of the snapshot it opens. Nothing was written.")


def take_snapshot(
    *, area_id: int, place: Path, key_file: Path, why: str, hours: int = 24, acting_user: User
) -> Snapshot:
    """Write what the rules may see of a union's area into a folder, sealed with a key of its own.

    The folder appears whole or not at all, and only after its row and audit row stand: what is there
    is known of. The key goes into a file of its own and is kept nowhere else.
    """
    require(acting_user, TAKE, area_id)
    place, key_file = place.absolute(), key_file.absolute()
    if not why.strip():
        raise WhyMissing(field="why")
    if not 1 <= hours <= LONGEST_HOURS:
        raise LivesTooLong(field="hours")
    if place in key_file.parents:
        raise KeyBesideData(field="key")
    key, life = SnapshotKey.fresh(new_public_id()), timedelta(hours=hours)
    try:
        with whole_folder(place) as folder, transaction.atomic():
            files, now = _tables(folder, area_id, key), clock.now()
            text = _manifest(files, area_id, key, now + life)
            (folder / MANIFEST).write_text(text, encoding="utf-8")
            row = _told(key, area_id, place, why.strip()[:200], now, life, files, text, acting_user)
            # A key without its folder opens nothing; a folder without its key is of no use to anybody.
            write_key(key, key_file)
    except OutputRefused as error:
        raise NoPlace(str(error)) from None
    except OSError as error:
        raise NoPlace(f"{error.filename2 or error.filename}: {error.strerror}. Nothing was written.") from None
    return row


def _tables(folder: Path, area_id: int, key: SnapshotKey) -> list[_File]:
    names, found = Pseudonyms(), []
    for subject in SUBJECTS:
        tables = tables_of(subject, area_id, clock.today(), names)
        found.append(_file(folder, subject, tables.chunks(), key))
        for code, table in tables.records():
            found.append(_file(folder, f"{subject}.{code}", table.to_batches(), key, table.schema))
    return found


def _manifest(files: list[_File], area_id: int, key: SnapshotKey, dies_at: datetime) -> str:
    told = {
        "format": 1, "snapshot": key.snapshot, "area": public_ids([area_id])[area_id],
        "today": clock.today().isoformat(), "dies_at": dies_at.isoformat(),
        "files": {one.name: {"rows": one.rows, "sha256": one.digest} for one in files},
    }  # fmt: skip
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def _told(
    key: SnapshotKey, area_id: int, place: Path, why: str, now: datetime, life: timedelta, files: list[_File],
    text: str, acting_user: User,
) -> Snapshot:  # fmt: skip
    row = Snapshot.objects.create(
        public_id=key.snapshot, area_id=area_id, why=why, taken_by=acting_user, taken_at=now, dies_at=now + life,
        place=str(place), digest=hashlib.sha256(text.encode()).hexdigest(), size_bytes=sum(one.size for one in files),
        rows={one.name.removesuffix(".parquet"): one.rows for one in files},
    )  # fmt: skip
    audit.record(
        TAKE, acting_user=acting_user, object_kind="snapshot", object_id=row.pk, union_id=area_id, reason=why,
        after={"digest": row.digest, "size": row.size_bytes, "until": row.dies_at.isoformat(), **row.rows},
    )  # fmt: skip
    return row


@dataclass(frozen=True)
class _File:
    """One written file."""

    name: str
    rows: int
    size: int
    digest: str


def _file(
    folder: Path, name: str, batches: Iterable[pa.RecordBatch], key: SnapshotKey, schema: pa.Schema | None = None
) -> _File:
    path, rows, writer = folder / f"{name}.parquet", 0, None
    try:
        for batch in batches:
            writer = writer or pq.ParquetWriter(path, batch.schema, encryption_properties=key.to_encrypt(path.name))
            writer.write_batch(batch)
            rows += batch.num_rows
        writer = writer or pq.ParquetWriter(path, schema, encryption_properties=key.to_encrypt(path.name))
    finally:
        if writer is not None:
            writer.close()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _File(path.name, rows, path.stat().st_size, digest)


def remove_expired() -> str:
    """The periodic duty: snapshots whose time is over are deleted from where they were written. System act."""
    over = Snapshot.objects.filter(removed_at=None, dies_at__lte=clock.now()).order_by("pk")
    removed = [row for row in over if _remove(row)]
    return f"{len(removed)} snapshots removed"


def remove_snapshot(*, public_id: str, acting_user: User) -> bool:
    """Delete a snapshot before its time."""
    scope = require(acting_user, TAKE)
    row = Snapshot.objects.filter(scope.unions("area_id"), public_id=public_id, removed_at=None).first()
    return row is not None and _remove(row, acting_user)


def _remove(row: Snapshot, acting_user: User | None = None) -> bool:
    folder = Path(row.place)
    if folder.exists():
        if not _is_ours(folder, row.public_id):
            return False  # Something else stands there now: it is not ours to delete.
        shutil.rmtree(folder)
    with transaction.atomic():
        mine = Snapshot.objects.filter(pk=row.pk, removed_at=None).update(removed_at=clock.now())
        if mine:
            audit.record(
                "policy.snapshot:remove", acting_user=acting_user, object_kind="snapshot", object_id=row.pk,
                union_id=row.area_id, before={"digest": row.digest},
            )  # fmt: skip
    return bool(mine)


def _is_ours(folder: Path, public_id: str) -> bool:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("snapshot") == public_id
