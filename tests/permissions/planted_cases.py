"""What the rooms of cases and lists hide in every unit: tasks, returns, contacts, stays, needs, saved lists.

And what somebody at its union has begun: a photographed form, a draft of a programme, one that waits for an answer.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.cases.models import Assignment, DueReturn, FirstContact, Need, ReturnAnswer, Stay
from niangjia.core import clock
from niangjia.federation.models import Export, SavedList, Union
from niangjia.federation.services import approvals
from niangjia.files.models import StoredFile
from niangjia.files.services.papers import file_by_hand, print_code, take_photo
from niangjia.files.services.store import store_upload
from niangjia.files.tests.pictures import png
from niangjia.people.models import OfficerPerson, Person
from niangjia.policy.services.drafts import copy_recipe
from niangjia.policy.versions import APPROVAL_KIND


def _paper(word: str, union_id: int, officer: User) -> StoredFile:
    upload = SimpleUploadedFile("x.png", png(7, 7) + word.encode(), "image/png")
    return store_upload(upload=upload, purpose="planted", object_kind="planted", union_id=union_id, acting_user=officer)


def plant_officer(user: User, person: Person, by: User) -> str:
    """What was said of one of its officers: which file he is."""
    OfficerPerson.objects.create(
        user=user, person=person, source=f"{person.name}人事", said_by=by, said_at=clock.now()
    )  # fmt: skip
    return str(user.public_id)


def plant_lists(user: User, name: str, union_id: int) -> dict[str, str]:
    """What its officer saved for the unit, and what he took out."""
    saved = SavedList.objects.create(
        user=user, union_id=union_id, kind="people.persons", name=f"{name}存单", saved_at=clock.now()
    )
    export = Export.objects.create(
        user=user, union_id=union_id, kind="people.persons", columns="name", way="xlsx", rows=1,
        purpose=f"{name}送核", asked_at=clock.now(),
    )  # fmt: skip
    return {"saved": saved.public_id, "export": export.public_id}


def plant_cases(union: Union, order: int, name: str, officer: User) -> dict[str, str]:
    """A task the unit hands down, one it returned, somebody at its window: nobody beside it learns of any."""
    by = {"handed_down_by": officer, "handed_down_at": clock.now()}
    task = Assignment.objects.create(
        union=union,
        title=f"{name}报表",
        due_on=clock.today(),
        request_id=f"task-{name}",
        attachment=_paper(f"task-{name}", union.pk, officer),
        **by,
    )
    due = DueReturn.objects.create(assignment=task, union=union, due_on=clock.today(), state="returned", answered=1)
    ReturnAnswer.objects.create(
        due_return=due,
        number=1,
        kind="words",
        words=f"{name}新增一户",
        given_by=officer,
        given_at=clock.now(),
        file=_paper(f"return-{name}", union.pk, officer),
    )
    contact = FirstContact.objects.create(
        number=f"900000000{order}", union=union, holder=union, name=f"{name}来人",
        phone="+8613800000099", question=f"{name}来问", due_on=clock.today(), request_id=f"contact-{name}",
        registered_by=officer, registered_at=clock.now(),
    )  # fmt: skip
    stay = Stay.objects.create(
        union=union, site=f"{name}驿站", industry="courier", on=clock.today(), diary=f"{name}日记",
        stayed_by=officer, recorded_at=clock.now(),
    )  # fmt: skip
    need = Need.objects.create(
        union=union, stay=stay, industry="courier", code="income", words=f"{name}想多挣", owner=officer,
        due_on=clock.today(), recorded_at=clock.now(),
    )  # fmt: skip
    return {
        "assignment": task.public_id, "due": due.public_id, "contact": contact.public_id, "stay": stay.public_id,
        "need": need.public_id,
    }  # fmt: skip


def plant_asked_from_above(above: Union, units: list[Any], officer: User) -> None:
    """One task that a union above hands down to each of these, and none has returned: each reads its own."""
    task = Assignment.objects.create(
        union=above, title="市里要的报表", due_on=clock.today(), request_id="task-above", handed_down_by=officer,
        handed_down_at=clock.now(),
    )  # fmt: skip
    for unit in units:
        due = DueReturn.objects.create(assignment=task, union=unit.person.union, due_on=task.due_on)
        unit.canaries.add(due.public_id)


def plant_photo(person_id: int, union: Union, officer: User, *, filed: bool) -> str:
    """A photograph of a form: in its union's files, or one that waits with whoever took it."""
    upload = SimpleUploadedFile("x.png", png(9, 9) + f"{union.code}{filed}".encode(), "image/png")
    photo = take_photo(upload=upload, union_id=union.pk, request_id="form", acting_user=officer).photo
    if filed:
        said = {"kind": "consent", "subject_kind": "person", "subject_id": person_id, "union_id": union.pk}
        file_by_hand(public_id=photo.public_id, text=print_code(**said, acting_user=officer).code, acting_user=officer)
    return photo.public_id


def plant_drafts(officer: User) -> set[str]:
    """A programme somebody drafts at a county, and one he has asked the second person about."""
    drafted = copy_recipe(recipe="xiangshan-study-room", acting_user=officer)
    return {drafted.public_id, *plant_request("fengxian-employer-plaque", officer)}


def plant_request(recipe: str, officer: User) -> set[str]:
    """A draft of this recipe that waits for the second person."""
    asked = copy_recipe(recipe=recipe, acting_user=officer)
    approval = approvals.ask(kind=APPROVAL_KIND, object_id=asked.pk, union_id=asked.area_id, acting_user=officer)
    return {asked.public_id, approval.public_id}
