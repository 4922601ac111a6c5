"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

# What was given with public money is kept as long as the accounts it belongs to.
_ACCOUNTS = "thirty years, as long as the accounts"
_MATTER = "ten years after the list, with the union's files"


def _officer(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _ACCOUNTS)


def _paper(purpose: str) -> Entry:
    return Entry(purpose, retention=_ACCOUNTS)


def _whom(purpose: str, retention: str = _ACCOUNTS) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.PERSONAL, retention)


def _given(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.SENSITIVE, _ACCOUNTS)


_KEY = Entry("key of the row")
_ADDRESS = Entry("the row in addresses")

INVENTORY: RoomInventory = {
    "AnswerDay": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "version": _paper("the programme whose applicants are answered"),
        "union": _paper("the union that promised"),
        "day": _paper("the day it promised"),
        "set_by": _officer("who promised it"),
        "set_at": _paper("when"),
    },
    "FrozenList": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "version": _paper("the rule the list was made by"),
        "programme": _paper("the programme it serves"),
        "number": _paper("which list of this version"),
        "union": _paper("the union that fixed it"),
        "period": _paper("guards 'once in a year, a month, for ever'"),
        "document_number": _paper("the document it stands on"),
        "meeting": _paper("the meeting that fixed it"),
        "meeting_on": _paper("the day of that meeting"),
        "attachment": _paper("the minutes, scanned"),
        "registry_day": _paper("the day whose registry it was made from"),
        "total_fen": _paper("the sum of its rows"),
        "frozen_by": _officer("who froze it"),
        "frozen_at": _paper("when it was frozen"),
        "request_id": Entry("a button pressed twice freezes once"),
    },
    "ListCancellation": {
        "id": _KEY,
        "frozen_list": _paper("the list taken back"),
        "reason": _paper("why"),
        "cancelled_by": _officer("who took it back"),
        "cancelled_at": _paper("when"),
    },
    "ListRow": {
        "id": _KEY,
        "frozen_list": _paper("the list it stands on"),
        "programme": _paper("guards 'once'"),
        "period": _paper("guards 'once'"),
        "position": _paper("its place on the printed list"),
        "subject_kind": _whom("whom the list names"),
        "subject_id": _whom("whom the list names"),
        "union": _whom("whose officers may read it"),
        "household_id": _whom("counts households"),
        "decision": _given("on which facts, and why"),
        "per_key": _whom("guards 'once per ...'"),
        "amount_fen": _given("how much was fixed"),
        "first_time": _given("whether the household was ever served before"),
        "excluded_at": _whom("when it was struck out"),
        "excluded_by": _officer("who struck it out"),
        "exclusion_reason": _given("why"),
    },
    "ListConfirmation": {
        "id": _KEY,
        "frozen_list": _paper("the list approved"),
        "approval": _paper("the second person's confirmation"),
        "confirmed_by": _officer("who approved it"),
        "confirmed_at": _paper("when"),
    },
    "ListReturn": {
        "id": _KEY,
        "frozen_list": _paper("the list sent back"),
        "approval": _paper("the second person's answer"),
        "note": _paper("what did not agree with the paper"),
        "returned_by": _officer("who sent it back"),
        "returned_at": _paper("when"),
    },
    "PublicNotice": {
        "id": _KEY,
        "frozen_list": _paper("the list on the wall"),
        "starts_on": _paper("from when"),
        "ends_on": _paper("until when; names come down that day"),
        "objection_phone": Entry("whom to call", sensitivity=Sensitivity.PUBLIC, retention=_ACCOUNTS),
        "place": Entry("where it hangs", sensitivity=Sensitivity.PUBLIC, retention=_ACCOUNTS),
        "started_by": _officer("who put it up"),
        "started_at": _paper("when it was put up"),
    },
    "Draw": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "version": _paper("the rule whose places are drawn"),
        "union": _paper("the union that draws"),
        "period": _paper("the year or month whose places they are"),
        "number": _paper("which draw of this version"),
        "committed": _whom("who takes part, under numbers, as it was fixed"),
        "list_hash": _paper("published before the seed: shows that the list was not changed"),
        "seed_source": _paper("who publishes the seed"),
        "seed_on": _paper("when they publish it"),
        "fixed_by": _officer("who fixed the list"),
        "fixed_at": _paper("when it was fixed"),
    },
    "DrawSeed": {
        "id": _KEY,
        "draw": _paper("the draw it settles"),
        "value": _paper("the seed, so that everybody can draw again"),
        "entered_by": _officer("who entered it"),
        "entered_at": _paper("when it was entered"),
    },
    "ListPlaces": {
        "id": _KEY,
        "frozen_list": _paper("the list the places belong to"),
        "draw": _paper("the draw that settled them, where there was one"),
        "file": _whom("who had a place and who waited, under numbers, to be checked by anybody"),
    },
    "Release": {
        "id": _KEY,
        "frozen_list": _paper("the list people may be told about"),
        "released_by": _officer("who released it"),
        "released_at": _paper("when"),
    },
    "Hold": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "version": Entry("the rule it waits under", retention=_MATTER),
        "subject_kind": _whom("who waits", _MATTER),
        "subject_id": _whom("who waits", _MATTER),
        "union": _whom("whose officers may read it", _MATTER),
        "reason": Entry("why, in the officer's words", Ground.UNION_LAW, Sensitivity.SENSITIVE, _MATTER),
        "held_by": _officer("who decided to wait"),
        "held_at": Entry("since when", retention=_MATTER),
        "lifted_by": _officer("who ended the waiting"),
        "lifted_at": Entry("until when", retention=_MATTER),
    },
    "Serving": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "list_row": _given("who received it"),
        "follows": _paper("a second one only after the first was ended"),
        "served_on": _given("when it was received"),
        "reference": _given("the transfer or voucher number"),
        "amount_fen": _given("how much was received"),
        "recorded_by": _officer("who recorded it"),
        "recorded_at": _paper("when it was recorded"),
    },
    "ServingEnd": {
        "id": _KEY,
        "serving": _given("the serving that was ended"),
        "how": _given("undone, or returned by the bank"),
        "reason": _given("why"),
        "ended_by": _officer("who ended it"),
        "ended_at": _paper("when"),
    },
    "PastServing": {
        "id": _KEY,
        "programme_slug": _paper("what was given"),
        "programme_name": _paper("what was given, as the paper calls it"),
        "subject_kind": _whom("who received it"),
        "subject_id": _whom("who received it"),
        "household_id": _whom("tells who was never served before"),
        "union": _whom("whose officers may read it"),
        "served_on": _given("when it was received"),
        "amount_fen": _given("how much"),
        "aid": _given("which of the four aids it was"),
        "level": _paper("at which level it was given"),
        "giver": _paper("who gave it"),
        "source": _paper("the paper it was taken over from"),
        "roster": _paper("the table it came with"),
        "recorded_at": _paper("when it was taken over"),
    },
    "QuotaReallotment": {
        "id": _KEY,
        "version": _paper("the rule whose places were given out again"),
        "union": _paper("the union that did it"),
        "period": _paper("of which year or month the places are"),
        "number": _paper("which one in that period"),
        "moved": _paper("who got how many, to be seen by everybody"),
        "done_by": _officer("who did it"),
        "done_at": _paper("when"),
    },
    "QuotaReturn": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "version": _paper("the rule whose places were given back"),
        "period": _paper("of which year or month the places are"),
        "subject_kind": _paper("a union or an employer"),
        "subject_id": _paper("which one"),
        "union": _paper("whose officers may undo it"),
        "places": _paper("how many"),
        "reason": _paper("why, to be seen by everybody"),
        "returned_by": _officer("who gave them back"),
        "returned_at": _paper("when"),
        "undone_by": _officer("who took that back"),
        "undone_at": _paper("when that was taken back"),
        "reallotment": _paper("when they were given out again; from then on it stands"),
        "request_id": Entry("a button pressed twice gives back once"),
    },
    "Received": {
        "id": _KEY,
        "kind": _given("what was given"),
        "holder": _whom("whose cap it counts towards: a person, a household, who is paid"),
        "period": _given("the year or the month of the cap"),
        "fen": _given("how much was given in it"),
        "times": _given("how often"),
    },
    "Voucher": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "number": _paper("counts the vouchers"),
        "serial": _whom("printed on the voucher, with a check digit"),
        "person": _given("the holder"),
        "union": _whom("whose officers may read it"),
        "programme": _paper("under which programme"),
        "issued_on": _whom("since when it is valid"),
        "expires_on": _whom("until when it is valid"),
        "issued_by": _officer("who issued it"),
        "employer": _given("who took the holder on"),
        "bound_on": _given("since when"),
        "ended_on": _given("when it ended"),
        "ending": _given("how it ended"),
        "end_reason": _given("why it ended"),
    },
}
