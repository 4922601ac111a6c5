"""Why this room keeps each field of what is said of officers."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_KEPT = "three years after it ended: shows who could have decided about what"


def _said(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _KEPT)


OFFICERS: RoomInventory = {
    "OfficerPerson": {
        "id": Entry("key of the row"),
        "public_id": Entry("the row in addresses"),
        "user": _said("which officer"),
        "person": _said("which file of the register he is, so that he decides nothing about it; empty: none"),
        "source": _said("what it rests on"),
        "said_by": _said("who said so"),
        "said_at": _said("when"),
        "ended_by": _said("who said that it does not hold"),
        "ended_at": _said("when"),
        "end_reason": _said("why"),
    },
}
