"""What the county has asked of other bureaus: who signed, and one batch that is out and should be back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.scopes import scope_of
from niangjia.people import queries
from niangjia.people.bureaux.authorities import PURPOSE, adults_of
from niangjia.people.bureaux.suppliers import bureaus
from niangjia.people.services import authorities, check_leave, cross_checks
from niangjia.site.demo.documents import scan
from niangjia.site.demo.world import World

SIGNED_AT = datetime(2026, 7, 14, 15, 0, tzinfo=clock.LOCAL)
SENT_AT = datetime(2026, 7, 16, 10, 0, tzinfo=clock.LOCAL)
SENT_DUE = date(2026, 7, 30)
VALID_UNTIL = date(2027, 7, 13)
FRESH_SINCE = date(2025, 8, 3)
BATCH, UNSIGNED = 12, 2


def ask_bureaus(*, world: World, households: list[int], union_id: int, acting_user: User, second: User) -> None:
    """Let households sign, and send the housing bureau one batch. On a demo stage only."""
    lacking = [households[index] for index in _lacking_income(world)]
    asked = [households[file.household] for file in world.hardships if file.exited_on is None][:BATCH]
    with clock.frozen(SIGNED_AT):
        # One household of each has not signed yet: an authority that is missing can be seen too.
        _sign([*lacking[:-1], *asked[:-UNSIGNED]], acting_user)
    with clock.frozen(SENT_AT):
        check = cross_checks.draft_check(
            union_id=union_id, bureau="住建局", keys=["household.second_home"], ids=asked,
            title="在档户住房核对（7月复核）", request_id="demo-check", acting_user=acting_user,
        )  # fmt: skip
        cross_checks.send_check(
            public_id=check.public_id, due_on=SENT_DUE, letter="云工函〔2026〕9号", acting_user=acting_user
        )
        check_leave.answer(public_id=check.public_id, verdict="confirmed", note="", acting_user=second)


def _lacking_income(world: World) -> list[int]:
    """Households with an admission letter whose income per head nobody knows, or not from the last year."""
    home_of = {person: home.index for home in world.households for person, _relation in home.members}
    fresh = {
        fact.subject for fact in world.facts
        if fact.kind == "household" and fact.code == "income_per_head" and fact.true_on >= FRESH_SINCE
    }  # fmt: skip
    letters = [fact.subject for fact in world.facts if fact.code == "admission_letter" and fact.value is True]
    return sorted({home_of[int(person)] for person in letters} - {int(home) for home in fresh})


def _sign(ids: Collection[int], acting_user: User) -> None:
    scope = scope_of(acting_user, "people.registry:write")
    adults = adults_of(ids, clock.today())
    cards = queries.subject_cards("household", ids, today=clock.today())
    for pk in sorted(set(ids)):
        household = queries.household_by_public_id(scope, cards[pk].public_id)
        authorities.record_authority(
            household=household, signer_ids=[one.person_id for one in adults[pk]], bureaus_named=list(bureaus()),
            purpose=PURPOSE, signed_on=clock.today(), valid_until=VALID_UNTIL, request_id=f"demo-authority-{pk}",
            paper=SimpleUploadedFile("scan.pdf", scan(f"Authority {pk}"), "application/pdf"), acting_user=acting_user,
        )  # fmt: skip
