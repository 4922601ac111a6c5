"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_UPLOAD = "a day"
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
    "PaperCode": {
        "id": Entry("key of the row"),
        "code": Entry("finds the form again when it is photographed", retention=_PAPER),
        "kind": Entry("which form", retention=_PAPER),
        "subject_kind": Entry("about what", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "subject_id": Entry("about whom", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "union_id": Entry("whose matter it is", retention=_PAPER),
        "printed_by": Entry("who printed it", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "printed_at": Entry("when", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
    },
    "PaperPhoto": {
        "id": Entry("key of the row"),
        "public_id": Entry("the photograph in addresses"),
        "file": Entry("the photograph", Ground.UNION_LAW, Sensitivity.SENSITIVE, _PAPER),
        "code": Entry("which form it shows", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "union_id": Entry("whose matter it is", retention=_PAPER),
        "handed_in_by": Entry("who took it", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "handed_in_at": Entry("when", Ground.UNION_LAW, Sensitivity.PERSONAL, _PAPER),
        "sent_as": Entry("a button pressed twice hands it in once", retention=_PAPER),
        "filed_at": Entry("when it was filed", retention=_PAPER),
        "by_hand": Entry("by the code that was read, or by hand", retention=_PAPER),
        "dropped_at": Entry("when it was laid aside", retention="thirty days"),
    },
    "Upload": {
        "id": Entry("key of the row"),
        "public_id": Entry("the upload in addresses"),
        "user": Entry("whose it is", Ground.CONTRACT, Sensitivity.PERSONAL, _UPLOAD),
        "key": Entry("begun twice, it is one", retention=_UPLOAD),
        "size": Entry("how large it will be", retention=_UPLOAD),
        "received": Entry("how much is here", retention=_UPLOAD),
        "begun_at": Entry("when it began", retention=_UPLOAD),
        "expires_at": Entry("when the part is thrown away", retention=_UPLOAD),
    },
}
