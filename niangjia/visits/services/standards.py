"""Adopting a dated edition of the standard."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.visits.models import Standard
from niangjia.visits.permissions import ADOPT
from niangjia.visits.standards import Rules


class DocumentMissing(Refusal):
    """A standard stands on a document."""

    sentence = _("Please give the number of the document the standard stands on. Nothing was changed.")


class EditionThere(Refusal):
    """One edition a day."""

    sentence = _("There is an edition from this day already. Choose another day. Nothing was changed.")


class EditionTooEarly(Refusal):
    """What was decided under an older edition stays decided under it."""

    sentence = _("A new edition begins today or later: what was decided before stays under the old one.")


@transaction.atomic
def adopt_standard(
    *, union_id: int, valid_from: date, document_number: str, rules: Rules, acting_user: User | None
) -> Standard:
    """Adopt an edition from a day on; older ones stay and keep what was decided under them.

    Without an acting user it is a system act (the seed).
    """
    if acting_user is not None:
        require(acting_user, ADOPT, union_id)
        if valid_from < clock.today():
            raise EditionTooEarly(field="valid_from")
    if not document_number.strip():
        raise DocumentMissing(field="document_number")
    try:
        with transaction.atomic():
            standard = Standard.objects.create(
                union_id=union_id, valid_from=valid_from, document_number=document_number.strip(),
                body=rules.to_text(), adopted_by=acting_user, adopted_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise EditionThere(field="valid_from") from None
    audit.record(
        "visits.standard:adopt", acting_user=acting_user, object_kind="standard", object_id=standard.pk,
        union_id=union_id, after={"from": valid_from, "document": standard.document_number},
    )  # fmt: skip
    return standard
