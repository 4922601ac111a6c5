"""The rows of this room."""

from __future__ import annotations

from niangjia.files.models.paper import PaperCode, PaperPhoto
from niangjia.files.models.stored_file import StoredFile
from niangjia.files.models.upload import Upload

__all__ = ["PaperCode", "PaperPhoto", "StoredFile", "Upload"]
