"""The rows of this room."""

from __future__ import annotations

from niangjia.files.models.stored_file import StoredFile

__all__ = ["StoredFile"]
