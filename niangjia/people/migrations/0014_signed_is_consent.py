"""Whoever signed an authority before consent was asked for checks said yes on that paper: the ledger says so too."""

from __future__ import annotations

from typing import Any

from django.db import migrations

PURPOSE, VERSION = "bureau-check", 1


def note_signatures(apps: Any, schema_editor: Any) -> None:
    """One yes for each signer of an authority that was not withdrawn, unless he has answered himself."""
    signers, consents = (apps.get_model("people", name) for name in ("AuthoritySigner", "Consent"))
    answered = set(consents.objects.filter(purpose=PURPOSE).values_list("person_id", flat=True))
    rows = signers.objects.filter(authority__withdrawn_on__isnull=True).select_related("authority", "person")
    found: dict[int, Any] = {}
    for one in rows.order_by("authority__signed_on", "pk").iterator(2_000):
        if one.person_id not in answered:
            found[one.person_id] = one
    consents.objects.bulk_create(
        [
            consents(
                person_id=pk, union_id=one.person.union_id, purpose=PURPOSE, version=VERSION, given=True, way="paper",
                paper_id=one.authority.file_id, recorded_by_id=one.authority.recorded_by_id,
                recorded_at=one.authority.recorded_at, request_id=f"signed-{one.pk}",
            )
            for pk, one in found.items()
        ],
        batch_size=500,
    )  # fmt: skip


class Migration(migrations.Migration):
    """Data only."""

    dependencies = (("people", "0013_roster_file_forgotten"),)
    operations = (migrations.RunPython(note_signatures, migrations.RunPython.noop),)
