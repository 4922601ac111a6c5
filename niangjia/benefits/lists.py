"""Reads of frozen lists: which are in scope, their rows, what changed since they were frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from niangjia.benefits.candidates import Candidate, candidates
from niangjia.benefits.models import FrozenList, ListRow, Serving
from niangjia.benefits.places import PLACED, places_now
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope
from niangjia.policy import queries as policy

_STATE = ("programme", "notice", "confirmation__confirmed_by", "cancellation", "release", "frozen_by", "places")


def lists_in(scope: Scope) -> QuerySet[FrozenList]:
    """Frozen lists of unions in scope, and those with a row in scope; newest first, state loaded."""
    wanted = Q(pk__in=[])
    for code, within in scope.parts():
        mine = ListRow.objects.filter(within.unions(), frozen_list=OuterRef("pk"))
        here = within.unions() | Q(Exists(mine))
        wanted |= here & Q(programme__slug=code) if code else here
    return FrozenList.objects.filter(wanted).select_related(*_STATE).order_by("-frozen_at", "-pk")


def list_in(scope: Scope, public_id: str) -> FrozenList:
    """One frozen list in scope, or `NotFoundHere`."""
    found = lists_in(scope).filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    return found


def live_list(public_id: str) -> FrozenList:
    """One frozen list for a writer that checks the right itself, locked for this transaction; or `NotFoundHere`."""
    locked = FrozenList.objects.select_for_update().filter(public_id=public_id).values_list("pk", flat=True).first()
    found = FrozenList.objects.filter(pk=locked).select_related(*_STATE).first()
    if found is None:
        raise NotFoundHere
    return found


def lists_of_version(scope: Scope, version_id: int) -> list[FrozenList]:
    """Frozen lists of one version in scope that were not taken back, newest first."""
    return list(lists_in(scope).filter(version_id=version_id, cancellation__isnull=True))


def rows_of(scope: Scope, frozen: FrozenList, *, live: bool = False) -> list[ListRow]:
    """Rows of a list in scope, in their order, with their servings."""
    rows = ListRow.objects.filter(scope.unions(), frozen_list=frozen).order_by("position")
    if live:
        rows = rows.filter(excluded_at__isnull=True)
    servings = Prefetch("servings", Serving.objects.select_related("ending", "recorded_by").order_by("pk"))
    return list(rows.prefetch_related(servings))


def standing_serving(row: ListRow) -> Serving | None:
    """The serving of a row that stands: not undone, not returned; servings are already loaded."""
    return next((serving for serving in reversed(row.servings.all()) if not hasattr(serving, "ending")), None)


@dataclass(frozen=True)
class ListFigures:
    """What a list comes to in one scope: live rows, households, fen, handed out."""

    rows: int = 0
    households: int = 0
    total_fen: int = 0
    served: int = 0
    served_fen: int = 0


def figures_of(scope: Scope, lists: Sequence[FrozenList]) -> dict[int, ListFigures]:
    """Figures per list, each with two queries for all lists together."""
    live = ListRow.objects.filter(
        scope.unions(), frozen_list__in=[frozen.pk for frozen in lists], excluded_at__isnull=True
    )
    totals = live.values("frozen_list_id").annotate(
        n=Count("pk"), households=Count("household_id", distinct=True), fen=Sum("amount_fen")
    )
    served = (
        live.filter(servings__isnull=False, servings__ending__isnull=True)
        .values("frozen_list_id")
        .annotate(n=Count("pk", distinct=True), fen=Sum("servings__amount_fen"))
    )
    handed = {row["frozen_list_id"]: (row["n"], row["fen"] or 0) for row in served}
    return {
        row["frozen_list_id"]: ListFigures(
            row["n"], row["households"], row["fen"] or 0, *handed.get(row["frozen_list_id"], (0, 0))
        )
        for row in totals
    }


@dataclass(frozen=True)
class Difference:
    """What moved in the registry after a list was frozen; the list itself never does."""

    new: tuple[Candidate, ...]
    changed: tuple[ListRow, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def difference(scope: Scope, card: policy.VersionCard, frozen: FrozenList) -> Difference:
    """Who meets the rule now and is on no list, and which rows would be decided otherwise today.

    A row has changed when its subject no longer meets the rule, or would get another amount; a new
    decision with the same answer is no change.
    """
    found = candidates(scope, card)
    now = {(one.subject_kind, one.subject_id): one.amount_fen for one in found}
    rows = ListRow.objects.filter(scope.unions(), frozen_list=frozen, excluded_at__isnull=True).order_by("position")
    changed = tuple(
        row for row in rows
        if (row.subject_kind, row.subject_id) not in now or now[row.subject_kind, row.subject_id] != row.amount_fen
    )  # fmt: skip
    places = places_now(card)
    new = (one for one in found if one.can_be_frozen)
    if places is not None:
        # Who waits is no news: only who would get a place now.
        new = (one for one in new if places.of(one.subject_kind, one.subject_id).code == PLACED)
    return Difference(tuple(new), changed)


def notices_ending(scope: Scope, until: date) -> list[FrozenList]:
    """Lists whose public notice is over, or will be by a day, and that nobody approved; the oldest first."""
    return list(
        lists_in(scope)
        .filter(notice__ends_on__lte=until, confirmation__isnull=True, cancellation__isnull=True)
        .order_by("notice__ends_on")
    )


def served_rows(scope: Scope, version_id: int) -> list[ListRow]:
    """Rows of a version that were handed out and stand, newest first."""
    servings = Prefetch("servings", Serving.objects.select_related("ending", "recorded_by").order_by("pk"))
    return list(
        ListRow.objects.filter(
            scope.unions(), frozen_list__version_id=version_id, excluded_at__isnull=True,
            servings__isnull=False, servings__ending__isnull=True,
        )
        .select_related("frozen_list").prefetch_related(servings).distinct().order_by("-pk")
    )  # fmt: skip


def served_counts(scope: Scope, version_ids: Sequence[int]) -> Counter[int]:
    """Rows handed out per version."""
    rows = (
        Serving.objects.filter(
            scope.unions("list_row__union_id"), list_row__frozen_list__version_id__in=version_ids,
            ending__isnull=True, list_row__excluded_at__isnull=True,
        )
        .values_list("list_row__frozen_list__version_id")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return Counter(dict(rows))


def is_on_notice(frozen: FrozenList) -> bool:
    """Whether the list hangs on the wall today."""
    notice = getattr(frozen, "notice", None)
    return notice is not None and notice.starts_on <= clock.today() <= notice.ends_on
