"""Forms as they stand on the pages, filled in: what is sent in somebody's name gets as far as the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve

from niangjia.core import clock
from niangjia.files.tests.pictures import png
from niangjia.people.tests.tables import MEMBERS, text_table
from niangjia.site.demo.documents import scan

LENGTH = 14  # of a public id
Attributes = dict[str, str]
# A field's name -> words of the kind that stand in it.
WORDS = {
    "phone": "13800000555", "name": "葵花籽", "id_number": "", "credit_code": "", "amount": "100", "purpose": "送核",
    "number": "1", "code": "990155", "children": "", "seed": "070911", "value": "100", "photo_number": "",
    "above": "1000", "call_backs": "3, 6",
}  # fmt: skip
ANY_WORDS = "核对过的一句话"
# A field's name holds this word -> its number is one of these.
NUMBERS = {
    "union": "union", "unit": "union", "chosen": "union", "subject": "person", "person": "person", "member": "person",
    "signer": "person", "deputy": "person", "household": "household", "employer": "employer", "row": "row",
}  # fmt: skip
# The form of a route that stands on no page of the planted world, or is sent at each commit, when no pages are read
# for their forms: fields, with the ids of a unit in them.
_REASON = {"reason": ANY_WORDS}
BY_HAND: dict[str, dict[str, str]] = {
    "desk_list_hold": {"kind": "person", "subject": "{person_pk}", **_REASON},
    "desk_list_lift": {"back": ""},
    "desk_list_freeze": {
        "document_number": "试工发〔2026〕9号", "meeting": "主席办公会", "meeting_on": "{today}", "seen": "x",
        "request_id": "by-hand",
    },
    "desk_draw_fix": {"seed_source": "双色球第2026090期", "seed_on": "{soon}"},
    "desk_draw_seed": {"value": "070911"},
    "desk_quota_return": {"whose": "employer:{employer_pk}", "places": "1", "request_id": "by-hand", **_REASON},
    "desk_quota_reallot": {"seen": "x"},
    "desk_notice_ask": {},
    "desk_notice_approve": {"verdict": "confirmed", "note": ""},
    "desk_notice_record": {"row": "{row}", "served_on": "{today}", "reference": "凭证"},
    "desk_notice_exclude": {**_REASON},
    "desk_version_draft": {"edition": "2027", "document_number": "试工发〔2026〕9号"},
    "desk_version_request": {"moved": "on"},
    "desk_version_confirmation": {"answer": "yes", "note": ANY_WORDS},
    "desk_erasure": {"answer": "confirmed", "note": ANY_WORDS},
    "assess_file": {"agrees": "yes", "said": ANY_WORDS},
    "assess_address": {**_REASON},
    "partner_file": {"agrees": "yes", "said": ANY_WORDS},
    "partner_address": {**_REASON},
    "visits_away_take": {"household": "{household}"},
    "visits_away_send": {"ticket": "by-hand", "purpose": "survey", "visited_on": "{today}", "verdict": "still"},
    "sample_handover": {"contract": "{contract}"},
    "provider_agent_new": {"name": ANY_WORDS, "phone": "13800000557", "until": "{soon}", **_REASON},
    "sample_seed": {"value": "070911"},
    "paper_file": {"code": "NJ1", "answer": "file"},
    "employer_pair": {"answer": "no", "note": ANY_WORDS},
    "check_new": {"subjects": "{household}", "title": ANY_WORDS, "bureau": "民政局", "union": "{union_pk}"},
    "check_take": {},
    "check_choose": {"number": "1", "choice": "person:{person}"},
    "check_rest": {}, "check_drop": {}, "deputy_end": {}, "request_withdraw": {}, "look_task_close": {},
    "deputy_new": {"username": "jiang", "until": "{soon}"},
    "list_save": {"name": ANY_WORDS, "shared": "on"},
    "list_drop": {},
    "export": {"answer": "confirmed", "note": ANY_WORDS},
    "tree_change": {"answer": "confirmed", "note": ANY_WORDS},
    "town_return_give": {"words": ANY_WORDS, "nil": "on", "request_id": "by-hand"},
    "my_supply": {"value": "1", "request_id": "by-hand"},
    "upload_begin": {"key": "by-hand", "size": "10"},
    "upload_part": {"offset": "0"},
}  # fmt: skip
NOT_TYPED = {"submit", "button", "reset", "image"}


@dataclass
class Form:
    """One form of a page: where it leads, and what it would send."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # name -> what is accepted
    typed: set[str] = field(default_factory=set)  # fields whose words are ours

    def put(self, name: str, value: str, *, more: bool = False) -> None:
        """Fill one field in; of choices that exclude each other the first stays."""
        if name and name != "csrfmiddlewaretoken":
            if more:
                self.values.setdefault(name, []).append(value)
            else:
                self.values.setdefault(name, [value])

    def data(self, change: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What is posted, with ids exchanged for others."""
        change = change or {}
        sent: dict[str, Any] = {
            name: [value if name in self.typed else _exchanged(name, value, change) for value in values]
            for name, values in self.values.items()
        }
        return sent | {name: _file(accept) for name, accept in self.files.items()}


def _exchanged(name: str, value: str, change: Mapping[str, str]) -> str:
    """A value with ids in it exchanged: a public id wherever it stands, a number by what its field is called.

    Some fields say of what kind the number is: `employer:12`.
    """
    if value in change and ":" in value:
        return f"{value.partition(':')[0]}:{change[value]}"
    if not value.isdigit():
        for own, other in change.items():
            value = value.replace(own, other) if len(own) == LENGTH else value
        return value
    kind = next((kind for word, kind in NUMBERS.items() if word in name), "")
    return change.get(f"{kind}:{value}", value)


def _file(accept: str) -> SimpleUploadedFile:
    if "csv" in accept or "xlsx" in accept:
        return SimpleUploadedFile("a.csv", text_table([MEMBERS, ("葵花籽", "", "13800000556", "2020-01-01")]))
    if "pdf" in accept and "image" not in accept:
        return SimpleUploadedFile("a.pdf", scan("x"), "application/pdf")
    return SimpleUploadedFile("a.png", png(11, 11), "image/png")


class _Reader(HTMLParser):
    """Collects the forms that are posted."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self._by_id = address, list[Form](), dict[str, Form]()
        self._form: Form | None = None
        self._select: tuple[Form, str, list[str], list[str]] | None = None
        self._area: tuple[Form, str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            posted = told.get("method", "").lower() == "post"
            self._form = Form(urljoin(self.address, told.get("action") or self.address)) if posted else None
            if self._form is not None:
                self.forms.append(self._form)
                self._by_id[told.get("id", "")] = self._form
            return
        form = self._by_id.get(told["form"]) if told.get("form") else self._form
        if tag == "option" and self._select is not None:
            _form, _name, offered, chosen = self._select
            (chosen if "selected" in told and told.get("value") else offered).append(told.get("value", ""))
        elif form is not None and tag == "select":
            self._select = (form, told.get("name", ""), [], [])
        elif form is not None and tag == "textarea":
            self._area = (form, told.get("name", ""), "")
        elif form is not None and tag in {"input", "button"}:
            _fill(form, told, told.get("type") or ("submit" if tag == "button" else "text"))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            form, name, text = self._area
            self._area = (form, name, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            form, name, offered, chosen = self._select
            form.put(name, next((value for value in [*chosen, *offered] if value), ""))
            self._select = None
        elif tag == "textarea" and self._area is not None:
            form, name, text = self._area
            form.typed.add(name)
            form.put(name, text.strip() or WORDS.get(name, ANY_WORDS))
            self._area = None


def _fill(form: Form, told: Attributes, kind: str) -> None:
    name, value = told.get("name", ""), told.get("value", "")
    if kind == "file":
        form.files[name] = told.get("accept", "")
    elif kind == "checkbox":
        form.put(name, value or "on", more=True)
    elif kind in {"hidden", "radio"} or kind in NOT_TYPED:
        form.put(name, value)
    else:
        form.typed.add(name)
        form.put(name, value or _words(told, kind))


def _words(told: Attributes, kind: str) -> str:
    if kind == "date":
        soon = timedelta(days=3 if {"seed", "ends"} & set(told.get("name", "").split("_")) else 0)
        return (clock.today() + soon).isoformat()
    if kind == "number" or told.get("inputmode") in {"decimal", "numeric"}:
        return told.get("min") or "1"
    words = WORDS.get(told.get("name", ""), ANY_WORDS)
    return words[: int(told["maxlength"])] if told.get("maxlength", "").isdigit() else words


def forms_on(address: str, html: str) -> list[Form]:
    """The forms of one page that are posted, filled in."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms


def by_hand(name: str, ids: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form that stands on no page, about one unit's things."""
    today = clock.today()
    told = {**ids, "today": today.isoformat(), "soon": (today + timedelta(days=3)).isoformat()}
    return {field: words.format_map(told) for field, words in BY_HAND.get(name, {}).items()}


def exchange(own: Iterable[Mapping[str, str]], other: Mapping[str, str]) -> dict[str, str]:
    """What is written in place of what, so that a form about one's own things is about another unit's."""
    found: dict[str, str] = {}
    for ids in own:
        found |= {ids[key]: other[key] for key in ids if key in other and len(ids[key]) == LENGTH}
        found |= {
            f"{kind}:{ids[key]}": other[key]
            for kind in ("union", "person", "household", "employer", "row")
            if (key := "row" if kind == "row" else f"{kind}_pk") in ids and key in other
        }
    return found


def routes_of(forms: Iterable[Form]) -> dict[str, list[Form]]:
    """The forms by the name of the route they lead to."""
    found: dict[str, list[Form]] = {}
    for form in forms:
        try:
            name = resolve(urlsplit(form.action).path).view_name
        except Resolver404:
            continue
        found.setdefault(name, []).append(form)
    return found
