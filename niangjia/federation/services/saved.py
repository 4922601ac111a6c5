"""Saving the conditions and the order of a list under a name, for oneself or for one's unit."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.models import SavedList
from niangjia.federation.scopes import require
from niangjia.federation.services import audit

MOST_SAVED = 50


class NameMissing(Refusal):
    """What has no name is not found again."""

    sentence = _("Please give it a name of at most 40 characters. Nothing was saved.")


class TooManySaved(Refusal):
    """A list of lists is not the aim."""

    sentence = _("You have saved %(most)s lists, the most for one person. Nothing was saved. Remove one first.")


@transaction.atomic
def save_list(*, page: ListPage, name: str, shared: bool, acting_user: User) -> SavedList:
    """Save a list as it is asked for; the same name again takes its place."""
    scope = require(acting_user, page.kind.right)
    called = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    if not 1 <= len(called) <= 40:
        raise NameMissing(field="name")
    own = SavedList.objects.filter(user=acting_user)
    if own.count() >= MOST_SAVED and not own.filter(kind=page.kind.code, about=page.about, name=called).exists():
        raise TooManySaved(TooManySaved.sentence % {"most": MOST_SAVED})
    saved, _made = SavedList.objects.update_or_create(
        user=acting_user, kind=page.kind.code, about=page.about, name=called,
        defaults={
            "query": page.asked.query()[:1000], "union_id": min(scope.seats) if shared else None,
            "saved_at": clock.now(),
        },
    )  # fmt: skip
    audit.record(
        "federation.list:save", acting_user=acting_user, object_kind="saved_list", object_id=saved.pk,
        union_id=saved.union_id, after={"list": saved.kind, "name": called},
    )  # fmt: skip
    return saved


@transaction.atomic
def drop_saved(*, public_id: str, acting_user: User) -> SavedList:
    """Remove what one saved oneself."""
    saved = SavedList.objects.filter(public_id=public_id, user=acting_user).first()
    if saved is None:
        raise NotFoundHere
    audit.record(
        "federation.list:drop", acting_user=acting_user, object_kind="saved_list", object_id=saved.pk,
        union_id=saved.union_id, after={"list": saved.kind, "name": saved.name},
    )  # fmt: skip
    SavedList.objects.filter(pk=saved.pk).delete()
    return saved
