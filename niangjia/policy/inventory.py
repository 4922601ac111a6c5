"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_FILES = "ten years after the version ends, with the union's files"
_KEPT = "ten years after the version ends; sealed values end with the person's key"
_NOW = "as long as the version is in force; made anew by the next sweep"


def _officer(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _FILES)


def _paper(purpose: str) -> Entry:
    return Entry(purpose, sensitivity=Sensitivity.PUBLIC, retention=_FILES)


def _decided(purpose: str, sensitivity: Sensitivity = Sensitivity.SENSITIVE) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, sensitivity, _KEPT)


def _standing(purpose: str, sensitivity: Sensitivity = Sensitivity.SENSITIVE) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, sensitivity, _NOW)


_KEY = Entry("key of the row")
_ADDRESS = Entry("the row in addresses")

INVENTORY: RoomInventory = {
    "Programme": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "slug": _paper("the programme in files"),
        "recipe": _paper("the folder it was copied from"),
        "name_zh": _paper("its name"),
        "name_en": _paper("its name in English"),
        "owner_union": _paper("the union that took it over"),
        "subject": _paper("whom it decides about"),
        "created_at": Entry("when it was taken over", retention=_FILES),
    },
    "ProgrammeVersion": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "programme": _paper("the programme this is an edition of"),
        "number": _paper("which edition"),
        "edition": _paper("what readers call this edition"),
        "bundle": _paper("the rule itself, as it was confirmed"),
        "bundle_hash": _paper("shows that the rule was not changed"),
        "document_number": _paper("the document it stands on"),
        "meeting": _paper("the meeting that decided it"),
        "meeting_on": _paper("the day of that meeting"),
        "attachment": Entry("the scanned document", retention=_FILES),
        "budget_fen": Entry("how much there is to give", retention=_FILES),
        "valid_from": _paper("from when it counts"),
        "valid_to": _paper("until when it counts"),
        "area": _paper("whose people it is for"),
        "drafted_by": _officer("who drafted it"),
        "drafted_at": Entry("when it was drafted", retention=_FILES),
    },
    "Publication": {
        "id": _KEY,
        "version": _paper("what was published"),
        "approval": Entry("the second person's confirmation", retention=_FILES),
        "published_by": _officer("who confirmed it"),
        "published_at": _paper("since when it counts"),
    },
    "Withdrawal": {
        "id": _KEY,
        "version": _paper("what was taken back"),
        "withdrawn_by": _officer("who took it back"),
        "withdrawn_at": _paper("since when it no longer counts"),
        "reason": Entry("why", retention=_FILES),
    },
    "ReturnedRequest": {
        "id": _KEY,
        "version": Entry("what was sent back", retention=_FILES),
        "note": Entry("what the drafter is to mend", retention=_FILES),
        "returned_by": _officer("who sent it back"),
        "returned_at": Entry("when", retention=_FILES),
    },
    "Sweep": {
        "id": _KEY,
        "version": Entry("which rule asked about everybody", retention=_FILES),
        "today": Entry("as of which day", retention=_FILES),
        "trigger": Entry("what set it off", retention=_FILES),
        "started_at": Entry("when it began", retention=_FILES),
        "finished_at": Entry("when it ended", retention=_FILES),
        "counts": Entry("how many of each answer, no names", retention=_FILES),
    },
    "Snapshot": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "area": Entry("whose facts were taken out", retention=_FILES),
        "why": Entry("what for", retention=_FILES),
        "taken_by": _officer("who took them"),
        "taken_at": Entry("when", retention=_FILES),
        "dies_at": Entry("when they are deleted at the latest", retention=_FILES),
        "place": Entry("where they were written", retention=_FILES),
        "digest": Entry("tells which files they were", retention=_FILES),
        "size_bytes": Entry("how much it was", retention=_FILES),
        "rows": Entry("how many rows of what", retention=_FILES),
        "removed_at": Entry("when they were deleted", retention=_FILES),
    },
    "Decision": {
        "id": _KEY,
        "public_id": _ADDRESS,
        "version": _decided("the rule that decided", Sensitivity.INTERNAL),
        "subject_kind": _decided("whom it is about", Sensitivity.PERSONAL),
        "subject_id": _decided("whom it is about", Sensitivity.PERSONAL),
        "union_id": _decided("whose officers may read it", Sensitivity.PERSONAL),
        "decided_at": _decided("when it was decided", Sensitivity.PERSONAL),
        "as_of": _decided("as of which day", Sensitivity.PERSONAL),
        "outcome": _decided("yes, no or unknown"),
        "if_confirmed": _decided("yes, if what was stated is confirmed"),
        "near_miss": _decided("no, by one changeable step"),
        "amount_fen": _decided("how much the rule gives"),
        "per_key": _decided("guards 'once per ...'", Sensitivity.PERSONAL),
        "missing": _decided("how many facts would have to be asked for"),
        "ask": _decided("which fact to ask for first"),
        "body": _decided("the facts it was decided on, each sealed with the person's key"),
        "digest": _decided("shows that the row was not changed", Sensitivity.INTERNAL),
        "fingerprint": _decided("tells whether anything changed since", Sensitivity.INTERNAL),
        "semantics": _decided("which reading of the rule language applied", Sensitivity.INTERNAL),
    },
    "Standing": {
        "id": _KEY,
        "version": _standing("the rule that asks", Sensitivity.INTERNAL),
        "subject_kind": _standing("whom it is about", Sensitivity.PERSONAL),
        "subject_id": _standing("whom it is about", Sensitivity.PERSONAL),
        "union_id": _standing("whose officers may read it", Sensitivity.PERSONAL),
        "household_id": _standing("counts households, and serves them once", Sensitivity.PERSONAL),
        "decision": _standing("the decision that counts now"),
        "outcome": _standing("yes, no or unknown"),
        "tab": _standing("on which list of the officer it stands"),
        "ask": _standing("which fact to ask for first"),
        "amount_fen": _standing("how much the rule gives"),
        "per_key": _standing("guards 'once per ...'", Sensitivity.PERSONAL),
        "first_time": _standing("whether the household was ever served"),
        "was_yes": _standing("tells 'no longer' from 'no'"),
        "changed_at": _standing("when the answer last changed", Sensitivity.PERSONAL),
        "next_change_on": _standing("when it may change by itself", Sensitivity.PERSONAL),
    },
}
