"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_PAPER = "with the file it proves, at most ten years"

INVENTORY: RoomInventory = {
    "StoredFile": {
        "id": Entry("key of the row"),
        "public_id": Entry("the file in addresses"),
        "digest": Entry(
            "where the content lies; shows that it was not changed", Ground.UNION_LAW, Sensitivity.SENSITIVE, _PAPER
        ),
        "media_type": Entry("how it is shown; told by its bytes", retention=_PAPER),
        "size": Entry("how large it is", retention=_PAPER),
        "purpose": Entry("what it proves", Ground.UNION_LAW, Sensitivity.SENSITIVE, _PAPER),
        "object_kind": Entry("which room decides who may open it", retention=_PAPER),
        "union_id": Entry("whose matter it is", retention=_PAPER),
        "uploaded_by": Entry("who handed it in", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "uploaded_at": Entry("when", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
    },
}
