"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_CONTRACT = "ten years after the contract, as other contracts"


def _house(purpose: str) -> Entry:
    return Entry(purpose, retention=_CONTRACT)


def _officer(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _CONTRACT)


_KEY = Entry("key of the row")
_ADDRESS = Entry("the row in addresses")

INVENTORY: RoomInventory = {
    "Provider": {
        "id": _KEY, "public_id": _ADDRESS,
        "union": _house("who works with it"),
        "name": _house("what the licence calls it"),
        "credit_code": _house("which body it is"),
        "kind": _house("what it does for the union"),
        "registered_by": _officer("who registered it"),
        "registered_at": _house("when"),
    },
    "Contract": {
        "id": _KEY, "public_id": _ADDRESS,
        "provider": _house("with whom"),
        "union": _house("for whom"),
        "document_number": _house("the paper it stands on"),
        "valid_from": _house("from which day it counts"),
        "valid_to": _house("until which day the provider's people see anything"),
        "concluded_by": _officer("who recorded it"),
        "concluded_at": _house("when"),
    },
    "ContractEnd": {
        "id": _KEY,
        "contract": _house("which contract ended early"),
        "reason": _house("why"),
        "ended_by": _officer("who ended it"),
        "ended_at": _house("from which moment nobody of the provider sees anything"),
    },
}  # fmt: skip
