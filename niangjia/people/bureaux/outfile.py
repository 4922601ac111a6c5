"""The file for the bureau: full numbers of those who signed, and empty columns for its answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from django.utils import translation
from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.files.workbooks import table_workbook
from niangjia.people.bureaux.authorities import adults_of
from niangjia.people.bureaux.batches import subjects_here
from niangjia.people.models import CrossCheck, CrossCheckSubject, Person
from niangjia.people.shown import label_of


def check_workbook(check: CrossCheck, person_ids: Collection[int]) -> tuple[bytes, list[Person]]:
    """The workbook about these of a sent batch, in Chinese, and whose numbers are in it.

    The same rows give the same bytes.
    """
    with translation.override("zh-hans"):
        return _workbook(check, _subjects(check, person_ids))


def named_in(check: CrossCheck, person_ids: Collection[int]) -> int:
    """How many numbers stand in that workbook."""
    return len(_others(check, _subjects(check, person_ids))[0])


def _subjects(check: CrossCheck, person_ids: Collection[int]) -> list[CrossCheckSubject]:
    wanted = set(person_ids)
    sent = subjects_here(check).filter(sent=True).select_related("person")
    return [one for one in sent if one.person_id in wanted]


def _workbook(check: CrossCheck, subjects: Collection[CrossCheckSubject]) -> tuple[bytes, list[Person]]:
    named, others = _others(check, subjects)
    labels = [label_of(facts.get(key)) for key in check.facts]
    is_home = check.subject == "household"
    heads = [_("No."), _("Name"), _("Identity number"), *([_("Other adults of the household")] if is_home else [])]
    rows = [
        (number, one.person.name, one.person.id_number, *([others.get(one.household_id or 0, "")] if is_home else []),
         *["" for _label in labels])
        for number, one in enumerate(subjects, start=1)
    ]  # fmt: skip
    sent_on = check.sent_on or clock.today()
    words = {"batch": check.public_id, "union": check.union.name, "bureau": check.bureau, "letter": check.letter or "—",
             "day": sent_on.isoformat(), "due": check.due_on.isoformat() if check.due_on else ""}  # fmt: skip
    note = _(
        "Note: from %(union)s to %(bureau)s, letter %(letter)s, batch %(batch)s, %(day)s. Everybody here has signed "
        "for this check. Please fill in the empty columns and send it back by %(due)s; leave blank what is not "
        "known, and use it for nothing else."
    )
    made_at = datetime.combine(sent_on, time(9), tzinfo=clock.LOCAL)
    return table_workbook([*heads, *labels], rows, note % words, made_at=made_at), named


def _others(check: CrossCheck, subjects: Collection[CrossCheckSubject]) -> tuple[list[Person], dict[int, str]]:
    """Everybody whose number leaves, and the household's other adults as one text each."""
    named = [one.person for one in subjects]
    if check.subject != "household":
        return named, {}
    heads = {one.person_id for one in subjects}
    adults = adults_of([one.household_id for one in subjects if one.household_id], check.sent_on or clock.today())
    ids = {one.person_id for some in adults.values() for one in some} - heads
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    told = {
        pk: "；".join(f"{people[one.person_id].name} {people[one.person_id].id_number}".strip()
                      for one in some if one.person_id in people)
        for pk, some in adults.items()
    }  # fmt: skip
    return [*named, *people.values()], told
