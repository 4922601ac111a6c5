"""摇号: fixing a list before the seed exists, and entering the seed when others have published it."""

from __future__ import annotations

import json
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits.models import Draw, DrawSeed
from niangjia.benefits.periods import period_of
from niangjia.benefits.places import drawn, places_now
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.engines import allocation
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.policy import queries as policy


class NothingToDraw(Refusal):
    """Nobody is equal at the border, or a list is fixed already."""

    sentence = _("There is nothing to draw: the order settles every place, or a list is fixed already.")


class SeedSourceMissing(Refusal):
    """A seed that anybody could choose is none."""

    sentence = _("Where will the seed come from? Name something that others publish, such as a lottery and its issue.")


class SeedTooEarly(Refusal):
    """The list must be fixed before the seed can be known."""

    sentence = _("The day of the seed must lie after today: the list has to be fixed before anybody can know it.")


class SeedNotOutYet(Refusal):
    """Before its day nobody can know the seed."""

    sentence = _("The seed is published on a later day. Nothing was entered.")


class SeedMissing(Refusal):
    """Nothing was typed."""

    sentence = _("Please enter the seed exactly as its source published it.")


class SeedStands(Refusal):
    """Entered once."""

    sentence = _("The seed has been entered and stands. Nothing was changed.")


@transaction.atomic
def fix_list(*, version_public_id: str, seed_source: str, seed_on: date | None, acting_user: User) -> Draw:
    """Fix everybody who wants a place, with the source and the day of the seed; the hash can be published at once."""
    scope = require(acting_user, "benefits.list:freeze")
    card = policy.version_card(scope, version_public_id)
    require(acting_user, "benefits.list:freeze", card.owner_union_id, programme=card.programme_slug)
    policy.lock_programme(card.programme_id)
    now = places_now(card)
    if now is None or not now.can_draw:
        raise NothingToDraw
    if not seed_source.strip():
        raise SeedSourceMissing(field="seed_source")
    if seed_on is None or seed_on <= clock.today():
        raise SeedTooEarly(field="seed_on")
    fixed = now.as_draw(allocation.Seed(seed_source.strip()[:120], seed_on))
    period = period_of(card, clock.today())
    draw = Draw.objects.create(
        version_id=card.id, union_id=card.owner_union_id, period=period,
        number=Draw.objects.filter(version_id=card.id, period=period).count() + 1,
        committed=json.dumps(fixed.to_commit(), ensure_ascii=False), list_hash=fixed.list_hash,
        seed_source=fixed.seed.source, seed_on=seed_on, fixed_by=acting_user, fixed_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "benefits.draw:fix", acting_user=acting_user, object_kind="draw", object_id=draw.pk, union_id=draw.union_id,
        after={"version": card.public_id, "hash": draw.list_hash, "seed_source": draw.seed_source, "on": seed_on},
    )  # fmt: skip
    return draw


@transaction.atomic
def enter_seed(*, draw_public_id: str, value: str, acting_user: User) -> DrawSeed:
    """Enter the seed as its source published it; it is entered once and settles every place."""
    draw = Draw.objects.filter(public_id=draw_public_id).first()
    if draw is None:
        raise NotFoundHere
    require(acting_user, "benefits.list:freeze", draw.union_id, programme=draw.version.programme.slug)
    if clock.today() < draw.seed_on:
        raise SeedNotOutYet(field="value")
    try:
        plain = drawn(draw).with_seed(value[:120]).seed.value
    except allocation.AllocationError as error:
        raise (SeedStands if error.code == "seed-stands" else SeedMissing)(field="value") from None
    try:
        with transaction.atomic():
            seed = DrawSeed.objects.create(draw=draw, value=plain, entered_by=acting_user, entered_at=clock.now())
    except IntegrityError:
        raise SeedStands(field="value") from None
    audit.record(
        "benefits.draw:seed", acting_user=acting_user, object_kind="draw", object_id=draw.pk, union_id=draw.union_id,
        after={"hash": draw.list_hash, "seed": plain},
    )  # fmt: skip
    return seed
