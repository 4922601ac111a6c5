"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_ACCOUNT = "as long as the account, then three years with the audit trail"
_TWO_DAYS = "two days"

INVENTORY: RoomInventory = {
    "User": {
        "id": Entry("key of the row"),
        "public_id": Entry("the account in addresses"),
        "password": Entry("proves who logs in; only its hash", Ground.CONTRACT, Sensitivity.PERSONAL, _ACCOUNT),
        "last_login": Entry("shows accounts nobody uses", Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _ACCOUNT),
        "username": Entry("what an officer logs in with", Ground.CONTRACT, Sensitivity.PERSONAL, _ACCOUNT),
        "display_name": Entry(
            "who did it, on pages and in the audit trail", Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _ACCOUNT
        ),
        "phone": Entry("where log-in codes go; sealed", Ground.CONTRACT, Sensitivity.PERSONAL, _ACCOUNT),
        "phone_key": Entry("finds the account by its number", Ground.CONTRACT, Sensitivity.PERSONAL, _ACCOUNT),
        "email": Entry("reserved for notices to officers", Ground.CONTRACT, Sensitivity.PERSONAL, _ACCOUNT),
        "is_active": Entry("closes an account without erasing what it did"),
        "joined_at": Entry("since when the account exists"),
    },
    "LoginCode": {
        "id": Entry("key of the row"),
        "public_id": Entry("binds the code to the browser that asked"),
        "phone": Entry("who asked for a code; sealed", Ground.CONTRACT, Sensitivity.PERSONAL, _TWO_DAYS),
        "digest": Entry(
            "compares the code; keyed, never the code itself", Ground.CONTRACT, Sensitivity.PERSONAL, _TWO_DAYS
        ),
        "asked_at": Entry("when it was asked for", Ground.CONTRACT, Sensitivity.PERSONAL, _TWO_DAYS),
        "expires_at": Entry("until when it counts", retention=_TWO_DAYS),
        "tries_left": Entry("stops guessing", retention=_TWO_DAYS),
        "used_at": Entry("a code counts once", retention=_TWO_DAYS),
    },
    "SendCount": {
        "id": Entry("key of the row"),
        "key": Entry("keyed index of a number, or all", Ground.CONTRACT, Sensitivity.PERSONAL, _TWO_DAYS),
        "day": Entry("the day counted", retention=_TWO_DAYS),
        "sent": Entry("stops floods of messages", retention=_TWO_DAYS),
        "last_at": Entry("a minute between two codes", retention=_TWO_DAYS),
    },
    "PasswordTries": {
        "id": Entry("key of the row"),
        "key": Entry("keyed index of a log-in name", Ground.CONTRACT, Sensitivity.PERSONAL, _TWO_DAYS),
        "failed": Entry("stops guessing", retention=_TWO_DAYS),
        "last_at": Entry("when it was last tried", retention=_TWO_DAYS),
        "locked_until": Entry("until when the name is locked", retention=_TWO_DAYS),
    },
}
