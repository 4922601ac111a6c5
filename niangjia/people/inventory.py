"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_FILE = "as long as the file, then ten years with the union's archive"
_ROSTER = "with what was entered from it, at most ten years"
_CHECK = "ninety days after the roster was settled"
_PROOF = "three years after it ended: shows that the law was kept"
_MEMBER = "as long as the person is registered, then three years"


def _personal(purpose: str, retention: str = _MEMBER) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.PERSONAL, retention)


def _sensitive(purpose: str, retention: str = _FILE) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.SENSITIVE, retention)


def _proof(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _PROOF)


_KEY = Entry("key of the row")

INVENTORY: RoomInventory = {
    "Person": {
        "id": _KEY,
        "public_id": Entry("the person in addresses"),
        "union": _personal("who looks after the person"),
        "name": _personal("whom it is about"),
        "name_key": _personal("finds the name however its dot is typed"),
        "name_initials": _personal("finds the name by the first letters of its pinyin"),
        "sex": _sensitive("asked by programmes that say so"),
        "born_on": _personal("age, asked by programmes"),
        "id_number": _sensitive("one file per person; sealed"),
        "id_key": _sensitive("equality of numbers without reading them"),
        "id_tail_key": _sensitive("search by the last four places at the window"),
        "phone": _personal("log-in and messages; sealed"),
        "phone_key": _personal("finds the person by the number"),
        "erased_at": Entry("since when nothing but the row is left"),
        "data_key": _sensitive("seals values about the person; forgetting it forgets them", "with the person's row"),
    },
    "MembershipSpell": {
        "id": _KEY,
        "person": _personal("who is a member"),
        "union": _personal("of which union"),
        "joined_on": _personal("since when"),
        "ended_on": _personal("until when"),
    },
    "Household": {
        "id": _KEY,
        "public_id": Entry("the household in addresses"),
        "union": _personal("who looks after the household", _FILE),
        "address": _sensitive("where to visit; sealed"),
        "registered_on": _personal("since when", _FILE),
    },
    "HouseholdMember": {
        "id": _KEY,
        "household": _personal("which household", _FILE),
        "person": _personal("who", _FILE),
        "relation": _personal("as what to the head", _FILE),
        "valid_from": _personal("since when", _FILE),
        "valid_to": _personal("until when", _FILE),
    },
    "HardshipFile": {
        "id": _KEY,
        "household": _sensitive("whose file"),
        "grade": _sensitive("which grade"),
        "cause": _sensitive("why; sealed"),
        "entered_on": _sensitive("since when"),
        "review_due_on": _sensitive("when it is checked again"),
        "exited_on": _sensitive("until when"),
    },
    "Employer": {
        "id": _KEY,
        "public_id": Entry("the employer in addresses"),
        "union": Entry("who looks after the employer"),
        "name": Entry("its name", sensitivity=Sensitivity.PUBLIC),
        "credit_code": Entry("which body it is", sensitivity=Sensitivity.PUBLIC),
        "staff_count": Entry("its size"),
        "in_zone": Entry("asked by the early-return subsidy"),
    },
    "EmploymentSpell": {
        "id": _KEY,
        "person": _personal("who worked"),
        "employer": _personal("where"),
        "form": _personal("in what form"),
        "started_on": _personal("since when"),
        "ended_on": _personal("until when"),
        "monthly_wage_fen": _sensitive("asked by programmes for low wages"),
        "source": _personal("who says so"),
        "recorded_at": _personal("when it was recorded"),
    },
    "RecordedFact": {
        "id": _KEY,
        "subject_kind": _personal("about what", _FILE),
        "subject_id": _personal("about whom", _FILE),
        "union_id": _personal("who may see it", _FILE),
        "code": _personal("which fact", _FILE),
        "value": _sensitive("the value that decides"),
        "true_on": _personal("when it was true", _FILE),
        "proof": _personal("how well it is proved", _FILE),
        "source_zh": _personal("who says so", _FILE),
        "source_en": _personal("who says so", _FILE),
        "recorded_at": _personal("when it was recorded", _FILE),
        "recorded_by": _personal("by whom", _FILE),
        "statement": _personal("from which statement", _FILE),
    },
    "Statement": {
        "id": _KEY,
        "public_id": Entry("the statement in addresses"),
        "subject_kind": _personal("about what", _FILE),
        "subject_id": _personal("about whom", _FILE),
        "union_id": _personal("who may see it", _FILE),
        "code": _personal("which fact", _FILE),
        "value": _sensitive("what the person says"),
        "evidence": _sensitive("the photograph beside it"),
        "stated_by": _personal("who says it", _FILE),
        "stated_at": _personal("when", _FILE),
        "request_id": Entry("sent twice, it is one statement"),
    },
    "Verification": {
        "id": _KEY,
        "statement": _personal("what was answered", _FILE),
        "verdict": _personal("confirmed or returned", _FILE),
        "note": _personal("what the person reads when it is returned", _FILE),
        "verified_by": _personal("who answered", _FILE),
        "verified_at": _personal("when", _FILE),
    },
    "RosterImport": {
        "id": _KEY,
        "public_id": Entry("the roster in addresses"),
        "union": Entry("whose roster it is"),
        "kind": Entry("what its rows are"),
        "file": _sensitive("the table as it came: what was entered can be compared with it", _ROSTER),
        "file_name": _personal("how the sender called it; sealed", _ROSTER),
        "state": Entry("how far it is"),
        "source": Entry("where the rows come from"),
        "true_on": Entry("the day the rows were true"),
        "layout": Entry("its sheets and headings, never its rows"),
        "counts": Entry("how many rows of each verdict"),
        "fault": Entry("why it could not be read or entered"),
        "rows_read": Entry("how far the check is"),
        "held_until": Entry("which worker has it in hand"),
        "request_id": Entry("sent twice, it is one roster"),
        "handed_in_by": _personal("who handed it in", _ROSTER),
        "handed_in_at": _personal("when", _ROSTER),
        "approved_by": _personal("who approved it", _ROSTER),
        "approved_at": _personal("when", _ROSTER),
        "done_at": Entry("when it was in"),
        "undone_by": _personal("who took it back", _ROSTER),
        "undone_at": _personal("when", _ROSTER),
        "audit_mark": Entry("tells acts before the entry from acts after it"),
    },
    "RosterBlock": {
        "id": _KEY,
        "roster": Entry("of which roster"),
        "verdict": Entry("which rows"),
        "number": Entry("which page of them"),
        "rows": _sensitive("the rows for the officer who decides; sealed", _CHECK),
    },
    "RosterDeed": {
        "id": _KEY,
        "roster": Entry("of which roster"),
        "number": Entry("which stretch of it"),
        "rows": _sensitive("what stood there before, for taking it back; sealed", _CHECK),
    },
    "KnownHeading": {
        "id": _KEY,
        "union": Entry("whose tables"),
        "kind": Entry("of which kind"),
        "heading": Entry("how the table calls it"),
        "column": Entry("what it is"),
    },
    "Mandate": {
        "id": _KEY,
        "public_id": Entry("the mandate in addresses"),
        "person": _proof("for whom is acted"),
        "deputy": _proof("who acts"),
        "union_id": Entry("who may see it"),
        "way": _proof("how it was said"),
        "paper": _proof("the signed paper"),
        "given_by": _proof("who gave it"),
        "given_at": _proof("when"),
        "ended_by": _proof("who ended it"),
        "ended_at": _proof("when; nothing is done under it since"),
    },
    "Consent": {
        "id": _KEY,
        "person": _proof("who answered"),
        "union_id": Entry("who may see it"),
        "purpose": _proof("to what"),
        "version": _proof("which text was read"),
        "given": _proof("yes, or taken back"),
        "way": _proof("how it was said"),
        "paper": _proof("the signed paper"),
        "mandate": _proof("under which family mandate"),
        "recorded_by": _proof("who recorded it"),
        "recorded_at": _proof("when; it counts from then"),
        "request_id": Entry("sent twice, it is one answer"),
    },
    "OwnRequest": {
        "id": _KEY,
        "public_id": Entry("the request in addresses"),
        "person": _proof("who asked"),
        "union_id": Entry("who may see it"),
        "kind": _proof("correction or deletion"),
        "what": _proof("which entry"),
        "wanted": Entry("what should stand there; sealed", Ground.LEGAL_DUTY, Sensitivity.SENSITIVE, _PROOF),
        "says": Entry("in his words; sealed", Ground.LEGAL_DUTY, Sensitivity.SENSITIVE, _PROOF),
        "evidence": Entry("the paper beside it", Ground.LEGAL_DUTY, Sensitivity.SENSITIVE, _PROOF),
        "mandate": _proof("under which family mandate"),
        "asked_by": _proof("who sent it"),
        "asked_at": _proof("when"),
        "due_on": _proof("by when it is answered"),
        "answered_at": _proof("when it was answered"),
        "request_id": Entry("sent twice, it is one request"),
    },
    "OwnAnswer": {
        "id": _KEY,
        "request": _proof("what is answered"),
        "verdict": _proof("done, in part, or not"),
        "note": _proof("the sentence the person reads"),
        "stays_until": _proof("until when something must stay"),
        "answered_by": _proof("who answered"),
        "answered_at": _proof("when"),
    },
    "Coverage": {
        "id": _KEY,
        "register": Entry("which register"),
        "union_id": Entry("where it was complete"),
        "complete_on": Entry("when: only then does no row mean no"),
        "source": Entry("who says so"),
    },
}
