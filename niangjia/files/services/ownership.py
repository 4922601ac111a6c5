"""Handing files over when what they belong to moves to another union."""

from __future__ import annotations

from collections.abc import Collection

from niangjia.files.models import StoredFile


def hand_over_files(file_ids: Collection[int], to_union_id: int) -> None:
    """Give files to another union; the room that moves their subject checks and audits in its own transaction."""
    StoredFile.objects.filter(pk__in=file_ids).update(union_id=to_union_id)
