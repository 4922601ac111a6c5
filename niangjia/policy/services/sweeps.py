"""Sweeps: versions asked about everybody in their areas, in one pass; the decisions that matter are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import transaction

from niangjia.core import clock
from niangjia.engines import rules
from niangjia.federation.queries import descendants
from niangjia.federation.services import audit
from niangjia.policy import bundles
from niangjia.policy.catalogue import record_set
from niangjia.policy.evaluate import BackEndsDisagree, Question, ask_together, decide_each, must_agree
from niangjia.policy.models import ProgrammeVersion, Standing, Sweep
from niangjia.policy.readings import READ_ALL_ABOVE, Knowledge, gather_for
from niangjia.policy.services.keeping import Keeper
from niangjia.policy.versions import in_force


class SweepsFailed(Exception):
    """Some programmes could not be swept: nothing was written for these, the others were kept."""


@transaction.atomic
def sweep(*, version: ProgrammeVersion, trigger: str) -> Sweep:
    """Ask a version about everybody in its area today and keep what changed. System act.

    Running it again with nothing changed writes no decision and touches no standing.
    """
    return _Night([version], trigger).keep(version)


def sweep_all() -> str:
    """The nightly duty: every version in force asks about everybody, so that days and ages count by themselves."""
    runs: list[Sweep] = []
    failed: list[str] = []
    by_subject: dict[str, list[ProgrammeVersion]] = defaultdict(list)
    for version in in_force(clock.today()):
        by_subject[version.programme.subject].append(version)
    for versions in by_subject.values():
        done, wrong = sweep_together(versions=versions, trigger=Sweep.Trigger.NIGHTLY)
        runs += done
        failed += wrong
    if failed:
        raise SweepsFailed("; ".join(failed))
    return f"{len(runs)} versions, {sum(run.counts['written'] for run in runs)} decisions written"


def sweep_together(*, versions: Sequence[ProgrammeVersion], trigger: str) -> tuple[list[Sweep], list[str]]:
    """Sweep versions about one kind of subject: every record is read once, all are asked in one pass. System act.

    Of a version on which the back ends differ, or in which a number leaves its range, nothing is
    written; the others are kept. Returns the sweeps, and a sentence for each that failed.
    """
    try:
        with transaction.atomic():
            return _each(_Night(versions, trigger), versions)
    except rules.RuleOverflow as error:
        if len(versions) == 1:
            return [], [f"{versions[0].programme}: {error}"]
    # One programme's number that left its range stops the pass for all: each is asked by itself.
    runs, failed = [], []
    for version in versions:
        done, wrong = sweep_together(versions=[version], trigger=trigger)
        runs += done
        failed += wrong
    return runs, failed


def _each(night: _Night, versions: Sequence[ProgrammeVersion]) -> tuple[list[Sweep], list[str]]:
    runs, failed = [], []
    for version in versions:
        try:
            with transaction.atomic():
                runs.append(night.keep(version))
        except BackEndsDisagree as error:
            failed.append(f"{version.programme}: {error}")
    return runs, failed


class _Night:
    """What is known of everybody, and what every version of one record set says about them."""

    def __init__(self, versions: Sequence[ProgrammeVersion], trigger: str) -> None:
        _hold([version.pk for version in versions])
        self.trigger, self.today, self.started = trigger, clock.today(), clock.now()
        programmes = {version.pk: bundles.programme_of(version.bundle) for version in versions}
        self.known, ids = everybody_of(versions)
        self.keepers = {
            version.pk: Keeper(version, self.known.about(ids[version.area_id], programmes[version.pk]))
            for version in versions
        }
        self.questions = {str(pk): self._question(programmes[pk], keeper) for pk, keeper in self.keepers.items()}
        ask_together(self.questions, self.known)

    @staticmethod
    def _question(programme: rules.Programme, keeper: Keeper) -> Question:
        return Question(programme, keeper.known.ids, keeper.standing.keys() | keeper.served_before)

    def keep(self, version: ProgrammeVersion) -> Sweep:
        """Decide about each of whom a decision is kept, by the other back end too, and write what changed."""
        keeper, answers = self.keepers[version.pk], self.questions[str(version.pk)].answers
        for case in decide_each(bundles.decider_of(version.bundle), keeper.known, sorted(answers)):
            must_agree(answers[case.subject_id], case.decision)
            keeper.keep(case)
        keeper.write()
        asked = len(keeper.known.ids)
        _follow_owners(keeper.known.subject, keeper.standing.keys() - set(keeper.known.ids), version)
        plain = asked - len(answers) + keeper.tally.plain_no
        counts = {**keeper.tally.counts(), "no": plain, "asked": asked}
        run = Sweep.objects.create(
            version=version, today=self.today, trigger=self.trigger, started_at=self.started,
            finished_at=clock.now(), counts=counts,
        )  # fmt: skip
        audit.record(
            "policy.sweep:run", acting_user=None, object_kind="programme_version", object_id=version.pk,
            union_id=version.area_id, after={"trigger": self.trigger, "today": self.today, **counts},
        )  # fmt: skip
        return run


def everybody(version: ProgrammeVersion, programme: rules.Programme) -> Knowledge:
    """What is known today of everybody in a version's area, as far as its rule asks."""
    ids = record_set(programme.subject).ids(descendants(version.area_id))  # type: ignore[arg-type]
    return gather_for([programme], ids, clock.today())


def everybody_of(versions: Sequence[ProgrammeVersion]) -> tuple[Knowledge, dict[int, list[int]]]:
    """What is known today of everybody in the areas of versions about one record set, as far as their rules ask.

    Returns with it the subjects of each area.
    """
    programmes = [bundles.programme_of(version.bundle) for version in versions]
    subject = programmes[0].subject
    ids: dict[int, list[int]] = {}
    for area_id in dict.fromkeys(version.area_id for version in versions):
        ids[area_id] = sorted(record_set(subject).ids(descendants(area_id)))  # type: ignore[arg-type]
    return gather_for(programmes, sorted(set().union(*ids.values())), clock.today()), ids


@transaction.atomic
def redecide(*, version: ProgrammeVersion, ids: Collection[int], trigger: str = "feed") -> int:
    """Decide again about these subjects only; returns how many standings changed. System act."""
    programme = bundles.programme_of(version.bundle)
    if len(ids) > READ_ALL_ABOVE:
        return int(sweep(version=version, trigger=trigger).counts["written"])
    _hold([version.pk])
    known = gather_for([programme], sorted(ids), clock.today())
    inside = set(descendants(version.area_id).filter(descendant_id__in=set(known.unions.values())))
    keeper = Keeper(version, known, sorted(ids))
    mine = [pk for pk in known.ids if known.unions[pk] in inside]
    for case in decide_each(bundles.decider_of(version.bundle), known, mine):
        keeper.keep(case)
    keeper.write()
    _follow_owners(programme.subject, keeper.standing.keys() - set(mine), version)
    return keeper.changed


def _hold(version_ids: Collection[int]) -> None:
    """Hold the versions' rows, in one order: two passes at once would keep the same decision twice."""
    rows = ProgrammeVersion.objects.select_for_update().filter(pk__in=version_ids).order_by("pk")
    list(rows.values_list("pk", flat=True))


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
