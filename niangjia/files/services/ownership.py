"""Handing files over when what they belong to moves to another union, and forgetting them with it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from niangjia.files.models import StoredFile
from niangjia.files.services.contents import path_of


def hand_over_files(file_ids: Collection[int], to_union_id: int) -> None:
    """Give files to another union; the room that moves their subject checks and audits in its own transaction."""
    StoredFile.objects.filter(pk__in=file_ids).update(union_id=to_union_id)


def forget_files(file_ids: Collection[int]) -> int:
    """Forget files whose subject asked for it: the rows, and after commit the contents nobody else stored. System act.

    Part of another room's act, which checks and audits it.
    """
    rows = list(StoredFile.objects.filter(pk__in=file_ids).values_list("pk", "digest"))
    StoredFile.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    transaction.on_commit(lambda: _remove_contents({digest for _, digest in rows}))
    return len(rows)


def _remove_contents(digests: set[str]) -> None:
    # Asked again now: somebody may have stored the same content a moment ago.
    kept = set(StoredFile.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - kept:
        path_of(digest).unlink(missing_ok=True)
