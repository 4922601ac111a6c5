"""Why this room keeps each of its fields."""

from __future__ import annotations

from niangjia.core.inventory import Entry, Ground, RoomInventory, Sensitivity

_ASKED = "three years after the answer"
_TASK = "ten years with the union's archive"


def _personal(purpose: str, retention: str = _TASK) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.PERSONAL, retention)


def _sensitive(purpose: str, retention: str = _TASK) -> Entry:
    return Entry(purpose, Ground.UNION_LAW, Sensitivity.SENSITIVE, retention)


_KEY = Entry("key of the row")

INVENTORY: RoomInventory = {
    "Assignment": {
        "id": _KEY,
        "public_id": Entry("the task in addresses"),
        "union": Entry("who asks"),
        "title": Entry("what it is called"),
        "request": Entry("what is asked"),
        "roster_kind": Entry("the kind of table to return"),
        "nil_allowed": Entry("whether nothing to report is an answer"),
        "due_on": Entry("until when"),
        "attachment": Entry("the paper or blank table that came with it"),
        "part_of": Entry("what the union itself was asked for, where it hands that on"),
        "repeats": Entry("the task it repeats"),
        "request_id": Entry("sent twice, it is one task"),
        "handed_down_by": _personal("who handed it down"),
        "handed_down_at": _personal("when"),
        "withdrawn_by": _personal("who took it back"),
        "withdrawn_at": _personal("when"),
    },
    "DueReturn": {
        "id": _KEY,
        "public_id": Entry("the return in addresses"),
        "assignment": Entry("of which task"),
        "union": Entry("who owes it"),
        "due_on": Entry("until when"),
        "state": Entry("not returned, returned, or sent back"),
        "answered": Entry("how many answers there are"),
    },
    "ReturnAnswer": {
        "id": _KEY,
        "due_return": Entry("what it answers"),
        "number": Entry("which of several answers"),
        "kind": Entry("words, a roster, or nothing to report"),
        "words": _sensitive("the answer; sealed, because it may be about people"),
        "roster": Entry("the table that was entered"),
        "file": _sensitive("the paper that came with it"),
        "given_by": _personal("who answered"),
        "given_at": _personal("when"),
        "on_behalf": Entry("whether the union above entered it"),
    },
    "ReturnSentBack": {
        "id": _KEY,
        "answer": Entry("which answer"),
        "sentence": Entry("what is wrong and what to do"),
        "due_on": Entry("until when the next is due"),
        "sent_by": _personal("who sent it back"),
        "sent_at": _personal("when"),
    },
    "FirstContact": {
        "id": _KEY,
        "public_id": Entry("the matter in addresses"),
        "number": _personal("what the person asks by; random", _ASKED),
        "union": Entry("whose window it was"),
        "holder": _personal("who handles it; hidden from the window", _ASKED),
        "name": _personal("who came; sealed", _ASKED),
        "phone": _personal("where the answer goes; sealed", _ASKED),
        "came_from": _personal("where the person works or lives, as he says; sealed", _ASKED),
        "question": _sensitive("what is asked; sealed", _ASKED),
        "due_on": Entry("until when it is answered"),
        "state": Entry("how far it is"),
        "accepted_at": Entry("when it was taken over"),
        "answered_at": Entry("when it was answered"),
        "escalated_at": Entry("when the union above was told that it is late"),
        "request_id": Entry("sent twice, it is one matter"),
        "registered_by": _personal("who registered it", _ASKED),
        "registered_at": _personal("when", _ASKED),
    },
    "ContactStep": {
        "id": _KEY,
        "contact": _personal("of which matter", _ASKED),
        "verb": _personal("what happened", _ASKED),
        "holder": _personal("who had it then", _ASKED),
        "sentence": _sensitive("why it was passed on, what the person was told; sealed", _ASKED),
        "by": _personal("by whom", _ASKED),
        "at": _personal("when", _ASKED),
    },
    "ProgressTries": {
        "id": _KEY,
        "key": Entry("which number was tried, as a keyed index", retention="two days"),
        "day": Entry("on which day", retention="two days"),
        "tries": Entry("how often, so that nobody guesses", retention="two days"),
    },
    "Stay": {
        "id": _KEY,
        "public_id": Entry("the stay in addresses"),
        "union": Entry("whose officer stayed"),
        "site": Entry("where"),
        "industry": Entry("of which industry"),
        "on": Entry("on which day"),
        "diary": _sensitive("what was seen and heard; sealed"),
        "stayed_by": _personal("who stayed"),
        "recorded_at": _personal("when it was recorded"),
        "gifts_by": Entry("how the gifts followed the wishes"),
        "told_at": Entry("when the site was told"),
        "told_how": Entry("how"),
    },
    "Wish": {
        "id": _KEY,
        "stay": Entry("at which stay"),
        "number": Entry("which of those asked; a number, no name"),
        "gift": Entry("what he would like"),
    },
    "GiftLine": {
        "id": _KEY,
        "stay": Entry("for which stay"),
        "gift": Entry("what was ordered"),
        "quantity": Entry("how many"),
    },
    "Quote": {
        "id": _KEY,
        "stay": Entry("at which stay"),
        "words": Entry("what was said, without who"),
    },
    "Need": {
        "id": _KEY,
        "public_id": Entry("the need in addresses"),
        "union": Entry("who sees to it"),
        "stay": Entry("where it was told"),
        "industry": Entry("of which industry, for counting"),
        "code": Entry("which kind of need, for counting"),
        "words": _sensitive("what is needed, in their words; sealed"),
        "owner": _personal("whose task it is"),
        "due_on": Entry("until when"),
        "state": Entry("what became of it"),
        "outcome": Entry("the sentence the site reads"),
        "recorded_at": _personal("when it was recorded"),
        "settled_at": Entry("when it was settled"),
    },
}
