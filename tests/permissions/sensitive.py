"""What each sensitive field of one household holds, so that it is recognised wherever it is shown."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.core import clock, money
from niangjia.core.inventory import Sensitivity, load
from niangjia.files.services.store import store_upload
from niangjia.files.tests.pictures import png
from niangjia.people.models import EmploymentSpell, OwnRequest
from niangjia.people.services.facts import state_fact
from niangjia.visits.models import Assessor, Finding, FollowUp, Rectification, SampleRow
from tests.permissions.planted import NAMES, Planted, Unit
from tests.permissions.planted_people import FOUND_FEN, INCOME_FEN

BILL_FEN, WAGE_FEN = 847_259, 761_343

# Sensitive, but a page shows nothing in it that could be recognised: why, field by field.
KEYS = {
    "files.StoredFile.digest", "people.Person.id_key", "people.Person.id_tail_key", "people.Person.data_key",
    "people.PersonMerge.kept", "people.RosterDeed.rows", "sessions.Session.session_key",
    "policy.Standing.decision", "benefits.ListRow.decision", "people.HardshipFile.household",
    "people.UpperRecord.household", "benefits.Serving.list_row", "benefits.ServingEnd.serving",
    "benefits.Received.kind", "benefits.Voucher.person", "visits.VisitAnswer.fact",
}  # fmt: skip
# One of a few words, a day or a yes: no text is this household's alone. What explains it stands beside it in words
# or figures, and these are watched.
WORDS_AND_DAYS = {
    "people.Person.sex", "people.HardshipFile.grade", "people.HardshipFile.entered_on",
    "people.HardshipFile.review_due_on", "people.HardshipFile.exited_on", "people.CrossCheckChoice.choice",
    "policy.Decision.outcome", "policy.Decision.if_confirmed", "policy.Decision.near_miss", "policy.Decision.missing",
    "policy.Decision.ask", "policy.Standing.outcome", "policy.Standing.tab", "policy.Standing.ask",
    "policy.Standing.first_time", "policy.Standing.was_yes", "visits.HomeVisit.verdict",
    "visits.HomeVisit.better_since", "visits.FollowUp.result", "visits.CallTakenBack.result",
    "visits.Grading.grade", "visits.Finding.agrees",
    "benefits.ListRow.first_time", "benefits.Serving.served_on", "benefits.ServingEnd.how",
    "benefits.PastServing.served_on", "benefits.PastServing.aid", "benefits.Received.period", "benefits.Received.times",
    "benefits.Voucher.employer", "benefits.Voucher.bound_on", "benefits.Voucher.ended_on", "benefits.Voucher.ending",
    "files.StoredFile.purpose",
}  # fmt: skip
# What a programme gives is one figure for all of its list, said to everybody by its notice.
AMOUNTS_OF_A_LIST = {
    "policy.Decision.amount_fen", "policy.Standing.amount_fen", "benefits.ListRow.amount_fen",
    "benefits.Serving.amount_fen", "benefits.PastServing.amount_fen", "benefits.Received.fen",
}  # fmt: skip
# Made of values that are watched by themselves.
MADE_OF_OTHERS = {"policy.Decision.body", "people.RosterImport.file"}
# Stands only in the line of time of a household's file, beside the cause, which is watched.
BESIDE_THE_CAUSE = {"people.HouseholdStep.reason"}
# Sensitive because anything may stand in them; they hang on no person's file, so there is nobody to tell.
OF_NO_FILE = {
    "files.PaperPhoto.file", "cases.ReturnAnswer.words", "cases.ReturnAnswer.file", "cases.FirstContact.question",
    "cases.ContactStep.sentence", "cases.Stay.diary", "cases.Need.words",
}  # fmt: skip
# The union's own act upon a list, told to who works on that list; the person reads it on his own page.
ACTS_ON_A_LIST = {
    "benefits.Hold.reason", "benefits.Serving.reference", "benefits.ServingEnd.reason",
    "benefits.ListRow.exclusion_reason", "benefits.Voucher.end_reason",
}  # fmt: skip
NOT_WATCHED = (
    KEYS | WORDS_AND_DAYS | AMOUNTS_OF_A_LIST | MADE_OF_OTHERS | BESIDE_THE_CAUSE | OF_NO_FILE | ACTS_ON_A_LIST
)


def sensitive_fields() -> set[str]:
    """Every field that an inventory calls sensitive."""
    return {f"{model}.{name}" for (model, name), entry in load().items() if entry.sensitivity is Sensitivity.SENSITIVE}


def picture(marker: str) -> bytes:
    """A photograph that is recognised by its last bytes."""
    return png(9, 7) + f"<{marker}>".encode()


def values_of(unit: Unit) -> dict[str, tuple[bytes, ...]]:
    """Field of the inventory -> what stands in an answer that shows this unit's in full."""
    name = NAMES[unit.code]
    assert unit.person is not None
    words = {
        "people.Person.id_number": (unit.person.id_number,),
        "people.Person.phone": (unit.person.phone.removeprefix("+86"),),
        "people.Household.address": (f"{name}巷1号",),
        "people.HardshipFile.cause": (f"{name}因病", f"{name}又因病"),
        "people.EmploymentSpell.monthly_wage_fen": (money.yuan(WAGE_FEN),),
        "people.RecordedFact.value": (money.yuan(INCOME_FEN),),
        "people.Statement.value": (money.yuan(BILL_FEN),),
        "people.RosterBlock.rows": (money.yuan(FOUND_FEN),),
        "people.OwnRequest.wanted": (f"{name}的更正",),
        "people.OwnRequest.says": (f"{name}自己说",),
        "visits.HomeVisit.note": (f"{name}说家里好多了",),
        "visits.HomeVisit.place": (f"30.{unit.code}",),
        "visits.FollowUp.note": (f"{name}说还稳",),
        "visits.CallTakenBack.note": (f"{name}那通弄错的回访",),
        "visits.Finding.said": (f"{name}不在这里住",),
        "visits.Rectification.said": (f"{name}改过来了",),
    }  # fmt: skip
    papers = {
        "people.Statement.evidence": f"<bill-{unit.code}>", "people.OwnRequest.evidence": f"<wish-{unit.code}>",
        "people.CheckAuthority.file": f"a{unit.code}", "visits.VisitPhoto.file": f"visit-{name}",
        "visits.Paper.file": f"paper-{name}",
    }  # fmt: skip
    found = {field: tuple(text.encode() for text in texts) for field, texts in words.items()}
    # A paper is its bytes, and they end with its mark; on a page the mark stands nowhere.
    return found | {field: (b"IEND\xaeB`\x82" + text.encode(),) for field, text in papers.items()}


def plant_sensitive(planted: Planted, code: str, officer: User) -> Unit:
    """Fill what the planted world leaves empty of one unit's household."""
    unit = planted.units[code]
    home, person, worker, name = unit.household, unit.person, unit.worker, NAMES[code]
    assert home is not None
    assert worker is not None
    EmploymentSpell.objects.filter(person=person).update(monthly_wage_fen=WAGE_FEN)
    statement = state_fact(
        subject_kind="household", subject_id=home.pk, code="medical_bill", value=BILL_FEN,
        photograph=_upload(f"bill-{code}"), request_id=f"bill-{code}", acting_user=worker,
    )  # fmt: skip
    assert statement.evidence is not None
    unit.ids |= {"statement": statement.public_id, "file": statement.evidence.public_id}
    asked = OwnRequest.objects.get(public_id=unit.ids["own_request"])
    asked.says = f"{name}自己说"
    asked.evidence = store_upload(
        upload=_upload(f"wish-{code}"), purpose="own.correct", object_kind="own-request", union_id=home.union_id,
        acting_user=worker,
    )  # fmt: skip
    asked.save()
    calls = FollowUp.objects.filter(household=home).order_by("due_on")
    FollowUp.objects.filter(pk=calls[1].pk).update(
        done_on=clock.today(), result="steady", note=f"{name}说还稳", done_by=officer
    )
    finding = Finding.objects.get(row__public_id=unit.ids["sample_row"])
    Rectification.objects.create(
        finding=finding, done_on=clock.today(), said=f"{name}改过来了", done_by=officer, done_at=clock.now()
    )
    row = SampleRow.objects.get(public_id=unit.ids["sample_row"])
    assessor = planted.callers[f"assessor at {code}"].user
    assert assessor is not None
    Assessor.objects.create(sample=row.sample, user=assessor, named_by=officer, named_at=clock.now())
    return unit


def _upload(marker: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.png", picture(marker), "image/png")


def names_of(unit: Unit) -> set[tuple[str, int]]:
    """Under which objects a look at this household's values may be written down."""
    assert unit.household is not None
    members = unit.household.members.values_list("person_id", flat=True)
    return {("household", unit.household.pk), *(("person", pk) for pk in members)}
