"""What each holder received, for the caps; counted once from the lists that stand and from the paper of before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml
from django.db import migrations, models

BATCH = 500


def count_what_stands(apps: Any, schema_editor: Any) -> None:
    fen: Counter[tuple[str, str, str]] = Counter()
    times: Counter[tuple[str, str, str]] = Counter()

    def add(key: tuple[str, str, str], amount: int) -> None:
        fen[key] += amount
        times[key] += 1

    heads = {}
    rows = apps.get_model("benefits", "ListRow").objects.filter(excluded_at__isnull=True)
    for row in rows.select_related("frozen_list").iterator():
        version_id = row.frozen_list.version_id
        if version_id not in heads:
            bundle = apps.get_model("policy", "ProgrammeVersion").objects.get(pk=version_id).bundle
            heads[version_id] = yaml.safe_load(json.loads(bundle)["programme.yaml"])
        given = heads[version_id]["give"]
        gives = given if isinstance(given, list) else [given]
        priced = next((one["kind"] for one in gives if one.get("amount")), "")
        own = f"{row.subject_kind}:{row.subject_id}"
        payee = _payee(heads[version_id].get("payee"), row, own)
        for kind in dict.fromkeys(one["kind"] for one in gives):
            for holder, period in _keys(own, row.household_id, payee, row.frozen_list.registry_day):
                add((kind, holder, period), (row.amount_fen or 0) if kind == priced else 0)
    for row in apps.get_model("benefits", "PastServing").objects.iterator():
        own = f"{row.subject_kind}:{row.subject_id}"
        for holder, period in _keys(own, row.household_id, own, row.served_on):
            add(("cash", holder, period), row.amount_fen or 0)
    model = apps.get_model("benefits", "Received")
    model.objects.bulk_create(
        [model(kind=key[0], holder=key[1], period=key[2], fen=fen[key], times=times[key]) for key in sorted(times)],
        batch_size=BATCH,
    )


def _payee(payee: Any, row: Any, own: str) -> str:
    if payee == row.subject_kind:
        return own
    if payee == "household":
        return own if row.household_id is None else f"household:{row.household_id}"
    return f"union:{row.union_id}" if payee == "union" else ""


def _keys(own: str, household_id: int | None, payee: str, day: date) -> Iterator[tuple[str, str]]:
    home = f"household:{household_id}" if household_id is not None else own if own.startswith("person:") else ""
    holders = [own, home, *([f"payee:{payee}", f"{own}/payee:{payee}"] if payee else [])]
    if home and payee:
        holders.append(f"{home}/payee:{payee}")
    for holder in dict.fromkeys(one for one in holders if one):
        yield from ((holder, period) for period in (str(day.year), f"{day:%Y-%m}", "ever"))


class Migration(migrations.Migration):
    dependencies = [("benefits", "0006_draws"), ("policy", "0003_returned_request")]

    operations = [
        migrations.CreateModel(
            name="Received",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("holder", models.CharField(max_length=80)),
                ("period", models.CharField(max_length=10)),
                ("fen", models.BigIntegerField(default=0)),
                ("times", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "holder", "period"), name="received_once_per_holder"),
                    models.CheckConstraint(
                        condition=models.Q(("fen__gte", 0), ("times__gte", 0)), name="received_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True),
                            models.Q(("holder", ""), _negated=True),
                            models.Q(("period", ""), _negated=True),
                        ),
                        name="received_says_whose",
                    ),
                ],
            },
        ),
        migrations.RunPython(count_what_stands, migrations.RunPython.noop),
    ]
