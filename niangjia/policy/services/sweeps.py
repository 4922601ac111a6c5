"""Sweeps: one version asked about everybody in its area; the decisions that matter are kept."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from niangjia.core import clock
from niangjia.engines import rules
from niangjia.federation.queries import descendants
from niangjia.federation.services import audit
from niangjia.policy import bundles
from niangjia.policy.catalogue import record_set
from niangjia.policy.evaluate import answer_all, decide_each, must_agree
from niangjia.policy.models import ProgrammeVersion, Standing, Sweep
from niangjia.policy.readings import READ_ALL_ABOVE, Knowledge, gather
from niangjia.policy.services.keeping import Keeper
from niangjia.policy.versions import in_force


@transaction.atomic
def sweep(*, version: ProgrammeVersion, trigger: str) -> Sweep:
    """Ask a version about everybody in its area today and keep what changed. System act.

    Running it again with nothing changed writes no decision and touches no standing.
    """
    _one_at_a_time(version)
    today, started = clock.today(), clock.now()
    programme = bundles.programme_of(version.bundle)
    known = everybody(version, programme)
    answers = {answer.subject_id: answer for answer in answer_all(programme, known)}
    keeper = Keeper(version, known)
    wanted = {pk for pk, answer in answers.items() if not answer.is_plain_no}
    wanted |= (keeper.standing.keys() | keeper.served_before) & answers.keys()
    for case in decide_each(bundles.decider_of(version.bundle), known, sorted(wanted)):
        must_agree(answers[case.subject_id], case.decision)
        keeper.keep(case)
    keeper.write()
    _follow_owners(programme.subject, keeper.standing.keys() - answers.keys(), version)
    plain = len(answers) - len(wanted) + keeper.tally.plain_no
    counts = {**keeper.tally.counts(), "no": plain, "asked": len(answers)}
    run = Sweep.objects.create(
        version=version, today=today, trigger=trigger, started_at=started, finished_at=clock.now(), counts=counts
    )
    audit.record(
        "policy.sweep:run", acting_user=None, object_kind="programme_version", object_id=version.pk,
        union_id=version.area_id, after={"trigger": trigger, "today": today, **counts},
    )  # fmt: skip
    return run


def everybody(version: ProgrammeVersion, programme: rules.Programme) -> Knowledge:
    """What is known today of everybody in a version's area, as far as its rule asks."""
    ids = record_set(programme.subject).ids(descendants(version.area_id))  # type: ignore[arg-type]
    return gather(programme.subject, ids, programme.fact_codes, clock.today())


@transaction.atomic
def redecide(*, version: ProgrammeVersion, ids: Collection[int], trigger: str = "feed") -> int:
    """Decide again about these subjects only; returns how many standings changed. System act."""
    programme = bundles.programme_of(version.bundle)
    if len(ids) > READ_ALL_ABOVE:
        return int(sweep(version=version, trigger=trigger).counts["written"])
    _one_at_a_time(version)
    known = gather(programme.subject, sorted(ids), programme.fact_codes, clock.today())
    inside = set(descendants(version.area_id).filter(descendant_id__in=set(known.unions.values())))
    keeper = Keeper(version, known, sorted(ids))
    mine = [pk for pk in known.ids if known.unions[pk] in inside]
    for case in decide_each(bundles.decider_of(version.bundle), known, mine):
        keeper.keep(case)
    keeper.write()
    _follow_owners(programme.subject, keeper.standing.keys() - set(mine), version)
    return keeper.changed


def _one_at_a_time(version: ProgrammeVersion) -> None:
    """Hold the version's row: two passes at once would keep the same decision twice."""
    ProgrammeVersion.objects.select_for_update().filter(pk=version.pk).values_list("pk", flat=True).first()


def _follow_owners(subject: str, gone: Collection[int], version: ProgrammeVersion) -> None:
    """Who moved out of the area keeps his decisions, but they are read where he is now."""
    if not gone:
        return
    unions = record_set(subject).unions(list(gone))
    for pk in gone:
        if pk in unions:
            Standing.objects.filter(version=version, subject_id=pk).exclude(union_id=unions[pk]).update(
                union_id=unions[pk]
            )


def sweep_all() -> str:
    """The nightly duty: every version in force asks about everybody, so that days and ages count by themselves."""
    runs = [sweep(version=version, trigger=Sweep.Trigger.NIGHTLY) for version in in_force(clock.today())]
    return f"{len(runs)} versions, {sum(run.counts['written'] for run in runs)} decisions written"
