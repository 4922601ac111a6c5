"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

# A file of difficulty, with what stands behind it, is kept as long as the accounts of what was given upon it.
_FILE = "thirty years, as long as the accounts"
_CHECK = "ten years after its last day"


def _house(purpose: str) -> Entry:
    return Entry(purpose, retention=_FILE)


def _officer(purpose: str) -> Entry:
    return Entry(purpose, Ground.LEGAL_DUTY, Sensitivity.PERSONAL, _FILE)


def _whom(purpose: str, retention: str = _FILE) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.PERSONAL, retention)


def _said(purpose: str, retention: str = _FILE) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.SENSITIVE, retention)


def _check(purpose: str) -> Entry:
    return Entry(purpose, retention=_CHECK)


_KEY = Entry("key of the row")
_ADDRESS = Entry("the row in addresses")
_ONCE = Entry("a button pressed twice counts once")

INVENTORY: RoomInventory = {
    "Standard": {
        "id": _KEY, "public_id": _ADDRESS,
        "union": _house("whose standard it is"),
        "valid_from": _house("from which day it holds"),
        "document_number": _house("the document it stands on"),
        "body": _house("grades, papers, questions, leaving and calls back"),
        "adopted_by": _officer("who adopted it"),
        "adopted_at": _house("when"),
    },
    "Paper": {
        "id": _KEY, "public_id": _ADDRESS, "request_id": _ONCE,
        "household": _whom("whose paper it is"),
        "kind": _whom("which paper, for the list of papers"),
        "name": _whom("what the list calls it"),
        "dated_on": _whom("how fresh it is"),
        "file": _said("the paper itself"),
        "handed_in_by": _officer("who took it in"),
        "handed_in_at": _house("when"),
    },
    "HomeVisit": {
        "id": _KEY, "public_id": _ADDRESS, "request_id": _ONCE,
        "household": _whom("who was visited"),
        "purpose": _whom("why"),
        "visited_on": _whom("when"),
        "verdict": _said("whether it is still in hardship"),
        "better_since": _said("since when it is better"),
        "note": _said("what was seen and said"),
        "place": _said("where it was recorded: only whoever may see evidence, each look written down"),
        "standard": _house("the edition that held"),
        "recorded_by": _officer("who recorded it"),
        "recorded_at": _house("when it was recorded"),
    },
    "VisitTakenBack": {
        "id": _KEY,
        "visit": _whom("which visit was recorded by mistake"),
        "reason": _officer("why it was taken back"),
        "taken_back_by": _officer("who took it back"),
        "taken_back_at": _house("when"),
    },
    "PaperTakenBack": {
        "id": _KEY,
        "paper": _whom("which paper was handed in by mistake"),
        "reason": _officer("why it was taken back"),
        "taken_back_by": _officer("who took it back"),
        "taken_back_at": _house("when"),
    },
    "VisitAnswer": {
        "id": _KEY,
        "visit": _whom("at which visit"),
        "subject_kind": _whom("about whom"),
        "subject_id": _whom("about whom"),
        "code": _whom("what was asked"),
        "fact": _said("the answer, as a fact"),
    },
    "Forgetting": {
        "id": _KEY,
        "kind": Entry("whether a person or a household is forgotten", retention="while it is done"),
        "number": Entry("which one", retention="while it is done"),
    },
    "VisitPhoto": {
        "id": _KEY,
        "visit": _whom("at which visit"),
        "file": _said("the photograph"),
    },
    "Departure": {
        "id": _KEY,
        "file": _whom("which file was left"),
        "household": _whom("who left it"),
        "visit": _whom("upon which check"),
        "exited_on": _whom("when"),
        "visit_age_days": _house("how old the check was"),
        "most_age_days": _house("how old it might be"),
        "better_months": _house("for how long it had been better"),
        "least_months": _house("for how long it had to be"),
        "recorded_by": _officer("who closed the file"),
        "recorded_at": _house("when"),
    },
    "FollowUp": {
        "id": _KEY, "public_id": _ADDRESS,
        "household": _whom("who is called back"),
        "departure": _whom("after leaving which file"),
        "months": _house("how many months after it"),
        "due_on": _whom("when it is due"),
        "done_on": _whom("when it was done"),
        "result": _said("what came of it"),
        "note": _said("what was said"),
        "done_by": _officer("who called"),
    },
    "CallTakenBack": {
        "id": _KEY,
        "follow_up": _whom("which call back was noted by mistake"),
        "done_on": _whom("when it was said to be done"),
        "result": _said("what was said to have come of it"),
        "note": _said("what was noted"),
        "done_by": _officer("who noted it"),
        "reason": _officer("why it was taken back"),
        "taken_back_by": _officer("who took it back"),
        "taken_back_at": _house("when"),
    },
    "Grading": {
        "id": _KEY,
        "file": _whom("of which file"),
        "household": _whom("of whom"),
        "visit": _whom("upon which visit"),
        "standard": _house("under which edition"),
        "grade": _said("the grade"),
        "decided_on": _whom("when"),
        "decided_by": _officer("who decided"),
        "decided_at": _house("when it was written"),
    },
    "Campaign": {
        "id": _KEY, "public_id": _ADDRESS,
        "union": _check("whose files are looked at again"),
        "title": _check("what it is called"),
        "document_number": _check("the document it stands on"),
        "starts_on": _check("its first day"),
        "due_on": _check("its last day"),
        "started_by": _officer("who started it"),
        "started_at": _check("when"),
    },
    "CampaignFile": {
        "id": _KEY,
        "campaign": _check("of which re-check"),
        "household": _whom("who is visited", _CHECK),
        "file": _whom("which file is looked at again", _CHECK),
        "visit": _whom("the visit that did", _CHECK),
    },
    "Sample": {
        "id": _KEY, "public_id": _ADDRESS,
        "union": _check("whose files outsiders check"),
        "title": _check("what it is called"),
        "size": _check("how many are drawn"),
        "seed_source": _check("where the seed comes from"),
        "seed_on": _check("when it is published"),
        "ends_on": _check("until when assessors see it"),
        "rectify_days": _check("the time to put things right"),
        "fixed_by": _officer("who fixed the lists"),
        "fixed_at": _check("when"),
    },
    "Stratum": {
        "id": _KEY,
        "sample": _check("of which sample"),
        "union": _check("which county or town"),
        "files": _check("how many files there are"),
        "places": _check("how many are drawn"),
        "committed": _whom("the list that was fixed, by pseudonyms", _CHECK),
        "list_hash": _check("its digest, published before the seed"),
    },
    "SampleSeed": {
        "id": _KEY,
        "sample": _check("of which sample"),
        "value": _check("the seed as it was published"),
        "entered_by": _officer("who entered it"),
        "entered_at": _check("when"),
    },
    "SampleRow": {
        "id": _KEY, "public_id": _ADDRESS,
        "sample": _check("of which sample"),
        "stratum": _check("of which part of it"),
        "position": _check("its number"),
        "household": _whom("who was drawn", _CHECK),
    },
    "Assessor": {
        "id": _KEY,
        "sample": _check("which sample"),
        "user": _officer("who sees it"),
        "named_by": _officer("who named him"),
        "named_at": _check("when"),
    },
    "AssessorEnd": {
        "id": _KEY,
        "assessor": _check("whose look into the sample ended"),
        "ended_by": _officer("who ended it"),
        "ended_at": _check("when"),
    },
    "Handover": {
        "id": _KEY,
        "sample": _check("which sample"),
        "contract": _check("in whose hands, and under what"),
        "handed_by": _officer("who handed it over"),
        "handed_at": _check("when"),
    },
    "HandoverEnd": {
        "id": _KEY,
        "handover": _check("which sample was taken from whom"),
        "ended_by": _officer("who took it"),
        "ended_at": _check("when"),
    },
    "Finding": {
        "id": _KEY,
        "row": _whom("of which drawn file", _CHECK),
        "agrees": _said("whether it is as in the file", _CHECK),
        "said": _said("what is otherwise", _CHECK),
        "found_on": _check("when"),
        "rectify_by": _check("until when it is put right"),
        "found_by": _officer("who found it"),
        "found_at": _check("when it was written"),
    },
    "Rectification": {
        "id": _KEY,
        "finding": _whom("of which finding", _CHECK),
        "done_on": _check("when it was put right"),
        "said": _said("what was done", _CHECK),
        "done_by": _officer("who did"),
        "done_at": _check("when it was written"),
    },
    "ReportedFigure": {
        "id": _KEY,
        "union": _check("whose figure it is"),
        "label": _check("what is counted"),
        "value": _check("the number"),
        "unit": _check("its unit"),
        "as_of": _check("the day or year its source gives"),
        "cut_off_on": _check("its cut-off date"),
        "source": _check("where it stands"),
        "entered_by": _officer("who entered it"),
        "entered_at": _check("when"),
    },
}  # fmt: skip
