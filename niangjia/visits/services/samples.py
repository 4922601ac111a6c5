"""第三方核查: fixing a sample's lists, entering its seed, naming who sees it, findings and what was put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.engines import allocation
from niangjia.federation.queries import towns_of, union_names
from niangjia.federation.scopes import require, rights_of
from niangjia.federation.services import audit, looks
from niangjia.people import queries as people
from niangjia.people.household_rows import OpenFile, open_files_below
from niangjia.people.services.own_matters import not_his_own
from niangjia.visits import queries
from niangjia.visits.models import Assessor, AssessorEnd, Finding, Rectification, Sample, SampleRow, SampleSeed, Stratum
from niangjia.visits.permissions import ASSESS, DRAW, RECORD


class SampleSizeWrong(Refusal):
    """Neither none nor more than there are."""

    sentence = _("The sample must have at least one file and not more than the %(files)s that are open here.")


class SeedTooEarly(Refusal):
    """The list first, the seed later."""

    sentence = _("The day of the seed must lie after today: the list has to be fixed before anybody can know it.")


class SeedSourceMissing(Refusal):
    """A seed that anybody could choose is none."""

    sentence = _("Where will the seed come from? Name something that others publish, such as a lottery and its issue.")


class EndTooEarly(Refusal):
    """Assessors need days to look."""

    sentence = _("The last day of the check must not lie before the day of the seed.")


class SeedNotOutYet(Refusal):
    """Before its day nobody can know the seed."""

    sentence = _("The seed is published on a later day. Nothing was entered.")


class SeedMissing(Refusal):
    """Nothing was typed."""

    sentence = _("Please enter the seed exactly as its source published it.")


class SeedStands(Refusal):
    """Entered once."""

    sentence = _("The seed has been entered and stands. Nothing was changed.")


class NotAnOutsider(Refusal):
    """Who handles files does not check them."""

    sentence = _("Only an outside assessor can be named. Give that role first, under Who may do what.")


class NotNamed(Refusal):
    """Somebody was faster."""

    sentence = _("This assessor is not named for the sample any more. Nothing was changed.")


class CheckedAlready(Refusal):
    """One finding a file."""

    sentence = _("What was found of this file is recorded already. Nothing was changed.")


class DifferenceUntold(Refusal):
    """A difference says which."""

    sentence = _("Please write in one sentence what is otherwise than in the file.")


class RectifiedAlready(Refusal):
    """Somebody was faster."""

    sentence = _("A colleague has already recorded what was put right. Nothing was changed.")


class RectificationUntold(Refusal):
    """What was done."""

    sentence = _("Please write in one sentence what was put right.")


@transaction.atomic
def fix_sample(
    *, union_id: int, title: str, size: int, seed_source: str, seed_on: date, ends_on: date, rectify_days: int,
    acting_user: User,
) -> Sample:  # fmt: skip
    """Fix who can be drawn, county by county or town by town, before the seed exists; the hashes can be published."""
    require(acting_user, DRAW, union_id)
    files = open_files_below(union_id)
    if not 1 <= size <= len(files):
        raise SampleSizeWrong(SampleSizeWrong.sentence % {"files": len(files)}, field="size")
    if not seed_source.strip():
        raise SeedSourceMissing(field="seed_source")
    if seed_on <= clock.today():
        raise SeedTooEarly(field="seed_on")
    if ends_on < seed_on:
        raise EndTooEarly(field="ends_on")
    sample = Sample.objects.create(
        union_id=union_id, title=title.strip(), size=size, seed_source=seed_source.strip()[:120], seed_on=seed_on,
        ends_on=ends_on, rectify_days=rectify_days, fixed_by=acting_user, fixed_at=clock.now(),
    )  # fmt: skip
    _fix_strata(sample, files)
    audit.record(
        "visits.sample:fix", acting_user=acting_user, object_kind="sample", object_id=sample.pk, union_id=union_id,
        after={"number": size, "of": ",".join(sample.strata.order_by("pk").values_list("list_hash", flat=True))},
    )  # fmt: skip
    return sample


def _fix_strata(sample: Sample, files: list[OpenFile]) -> None:
    towns = towns_of([one.union_id for one in files])
    by_union: dict[int, list[str]] = defaultdict(list)
    for one in files:
        town = towns.get(one.union_id)
        by_union[town.pk if town else one.union_id].append(one.public_id)
    names = union_names(by_union)
    claims = [allocation.Claim(str(pk), len(ids), most=len(ids)) for pk, ids in by_union.items()]
    places = allocation.shares(sample.size, claims)
    for pk in sorted(by_union):
        draw = allocation.Draw(
            title=f"{sample.title} · {names[pk]}", places=places[str(pk)],
            entrants=tuple(allocation.Entrant(id, group=1, rank=0) for id in sorted(by_union[pk])),
            seed=allocation.Seed(sample.seed_source, sample.seed_on),
        )  # fmt: skip
        Stratum.objects.create(
            sample=sample, union_id=pk, files=len(by_union[pk]), places=draw.places,
            committed=allocation.write_draw(draw), list_hash=draw.list_hash,
        )  # fmt: skip


@transaction.atomic
def enter_seed(*, public_id: str, value: str, acting_user: User) -> SampleSeed:
    """Enter the seed as its source published it; the files are drawn by it at once, and it stands."""
    sample = queries.locked_sample(public_id)
    require(acting_user, DRAW, sample.union_id)
    if clock.today() < sample.seed_on:
        raise SeedNotOutYet(field="value")
    if not value.strip():
        raise SeedMissing(field="value")
    if SampleSeed.objects.filter(sample=sample).exists():
        raise SeedStands(field="value")
    seed = SampleSeed.objects.create(
        sample=sample, value=value.strip()[:120], entered_by=acting_user, entered_at=clock.now()
    )
    position = 0
    for stratum in sample.strata.order_by("pk"):
        drawn = allocation.read_draw(stratum.committed).with_seed(seed.value).run().placed
        households = queries.household_ids(drawn)
        for public in drawn:
            position += 1
            SampleRow.objects.create(sample=sample, stratum=stratum, position=position, household_id=households[public])
    audit.record(
        "visits.sample:draw", acting_user=acting_user, object_kind="sample", object_id=sample.pk,
        union_id=sample.union_id, after={"value": seed.value, "number": position},
    )  # fmt: skip
    return seed


@transaction.atomic
def name_assessor(*, public_id: str, username: str, acting_user: User) -> Assessor:
    """Let an outside assessor see the drawn files of one sample until its last day."""
    sample = queries.locked_sample(public_id)
    require(acting_user, DRAW, sample.union_id)
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    held = rights_of(user) if user is not None else frozenset()
    if user is None or ASSESS not in held or RECORD in held:
        raise NotAnOutsider(field="username")
    require(user, ASSESS, sample.union_id)
    # The sample is locked: two who name him at once name him once.
    named = sample.assessors.filter(user=user, ending__isnull=True).first()
    if named is not None:
        return named
    audit.record(
        "visits.sample:name", acting_user=acting_user, object_kind="sample", object_id=sample.pk,
        union_id=sample.union_id, after={"user": user.pk, "until": sample.ends_on},
    )  # fmt: skip
    return Assessor.objects.create(sample=sample, user=user, named_by=acting_user, named_at=clock.now())


@transaction.atomic
def unname_assessor(*, public_id: str, user_public_id: str, acting_user: User) -> None:
    """Let an assessor see a sample no longer; what he found stands."""
    sample = queries.locked_sample(public_id)
    require(acting_user, DRAW, sample.union_id)
    named = sample.assessors.filter(user__public_id=user_public_id, ending__isnull=True).first()
    if named is None:
        raise NotNamed
    AssessorEnd.objects.create(assessor=named, ended_by=acting_user, ended_at=clock.now())
    audit.record(
        "visits.sample:unname", acting_user=acting_user, object_kind="sample", object_id=sample.pk,
        union_id=sample.union_id, before={"user": named.user_id, "until": sample.ends_on},
    )  # fmt: skip


@transaction.atomic
def record_finding(*, row_public_id: str, agrees: bool, said: str, acting_user: User) -> Finding:
    """Record what an assessor found of one drawn file; a difference gets a deadline by itself."""
    row = queries.row_for_assessor(acting_user, row_public_id)
    not_his_own(acting_user, "household", row.household_id)
    if not agrees and not said.strip():
        raise DifferenceUntold(field="said")
    today = clock.today()
    try:
        with transaction.atomic():
            finding = Finding.objects.create(
                row=row, agrees=agrees, said=said.strip(), found_on=today, found_by=acting_user, found_at=clock.now(),
                rectify_by=None if agrees else today + timedelta(days=row.sample.rectify_days),
            )  # fmt: skip
    except IntegrityError:
        raise CheckedAlready from None
    audit.record(
        "visits.finding:record", acting_user=acting_user, object_kind="household", object_id=row.household_id,
        union_id=people.owner_of("household", row.household_id),
        after={"verdict": "as in the file" if agrees else "differs", "until": finding.rectify_by},
    )  # fmt: skip
    return finding


@transaction.atomic
def rectify(*, row_public_id: str, said: str, acting_user: User) -> Rectification:
    """Record once what was put right upon a finding."""
    finding = Finding.objects.select_for_update().filter(row__public_id=row_public_id, agrees=False).first()
    if finding is None:
        raise NotFoundHere
    union_id = people.owner_of("household", finding.row.household_id)
    require(acting_user, RECORD, union_id)
    not_his_own(acting_user, "household", finding.row.household_id)
    if not said.strip():
        raise RectificationUntold(field="said")
    if Rectification.objects.filter(finding=finding).exists():
        raise RectifiedAlready
    done = Rectification.objects.create(
        finding=finding, done_on=clock.today(), said=said.strip(), done_by=acting_user, done_at=clock.now()
    )
    audit.record(
        "visits.finding:rectify", acting_user=acting_user, object_kind="household",
        object_id=finding.row.household_id, union_id=union_id, after={"on": done.done_on},
    )  # fmt: skip
    return done


@transaction.atomic
def note_sample_look(*, row: SampleRow, acting_user: User) -> None:
    """Write down that an assessor opened a drawn file."""
    audit.record(
        "visits.sample:look", acting_user=acting_user, object_kind="household", object_id=row.household_id,
        union_id=people.owner_of("household", row.household_id), after={"number": row.position},
    )  # fmt: skip


@transaction.atomic
def note_finding_looks(*, rows: Collection[SampleRow], acting_user: User) -> None:
    """Write down that somebody read what was found of these drawn files, which the caller found in scope."""
    audit.record_many(
        "visits.finding:look", acting_user=acting_user,
        rows=[
            audit.NewRow("household", row.household_id, row.household.union_id, {}, {"number": row.position})
            for row in rows
        ],
    )  # fmt: skip


@transaction.atomic
def reveal_address(*, row_public_id: str, reason: str, acting_user: User) -> str:
    """The address of a drawn household, to go there, for a reason that is kept with the look."""
    row = queries.row_for_assessor(acting_user, row_public_id)
    looks.note_look(
        action="visits.address:look", object_kind="household", object_id=row.household_id,
        union_id=people.owner_of("household", row.household_id), reason=reason,
        counted_as=("household", row.household_id), acting_user=acting_user,
    )  # fmt: skip
    return queries.address_of(row.household_id)
