"""Drafts: taking over a recipe as an own dated edition, and filling in what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.engines import rules
from niangjia.engines.rules import tree
from niangjia.engines.rules.facts import Value
from niangjia.federation.queries import open_approvals, standing_in, union_names
from niangjia.federation.scopes import Scope, require, system_scope
from niangjia.federation.services import audit
from niangjia.files.services.store import store_upload
from niangjia.policy import bundles, recipes
from niangjia.policy.models import Programme, ProgrammeVersion
from niangjia.policy.readiness import choices_of, settled_choice
from niangjia.policy.services import refusals
from niangjia.policy.versions import APPROVAL_KIND


class Keep:
    """Stands for a field that is left as it is."""


KEEP: Final = Keep()


@transaction.atomic
def copy_recipe(
    *, recipe: str, slug: str = "", edition: str = "", union_id: int | None = None, acting_user: User
) -> ProgrammeVersion:
    """Take a recipe over as a draft of the acting officer's union: this year's edition until he says otherwise."""
    scope = require(acting_user, "policy.version:draft", union_id)
    found = recipes.recipe(recipe)
    if found.programme is None:
        raise refusals.RecipeBroken(refusals.first_problem(rules.RuleErrors(found.problems)))
    owner_id = union_id or _owner(scope, found.programme.owner_level)
    programme, _created = Programme.objects.get_or_create(
        owner_union_id=owner_id, slug=slug or recipe,
        defaults={
            "recipe": recipe, "name_zh": found.programme.name.zh, "name_en": found.programme.name.en,
            "subject": found.programme.subject, "created_at": clock.now(),
        },
    )  # fmt: skip
    if programme.versions.filter(publication__isnull=True).exists():
        raise refusals.DraftExists
    bundle, valid = _own_year(found.bundle, found.programme)
    version = _add(programme, bundle, valid, edition or f"{valid[0].year}年版", acting_user)
    audit.record(
        "policy.version:copy", acting_user=acting_user, object_kind="programme_version", object_id=version.pk,
        union_id=owner_id, after={"recipe": recipe, "bundle": version.bundle_hash, "of": found.programme.bundle_hash},
    )  # fmt: skip
    return version


def _owner(scope: Scope, level: str) -> int:
    """The union that adopts: the officer's own, at the level the programme belongs to where he has several."""
    roots = list(standing_in(scope).filter(pk__in=scope.roots).values_list("pk", "level"))
    fitting = [pk for pk, found in roots if found == level] or [pk for pk, _level in roots]
    if not fitting:
        raise NotFoundHere
    return int(fitting[0])


def _own_year(bundle: Mapping[str, str], programme: rules.Programme) -> tuple[dict[str, str], tuple[date, date | None]]:
    """The text with this year as its validity; a text whose numbers begin later keeps its own dates."""
    year = clock.today().year
    first, last = date(year, 1, 1), date(year, 12, 31)
    try:
        changed = rules.set_valid(bundle, first, last)
        bundles.load_bundle(changed)
    except rules.RuleErrors:
        return dict(bundle), (programme.valid_from, programme.valid_to)
    return changed, (first, last)


def _add(
    programme: Programme, bundle: Mapping[str, str], valid: tuple[date, date | None], edition: str, acting_user: User
) -> ProgrammeVersion:
    number = (programme.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return ProgrammeVersion.objects.create(
                programme=programme, number=number, edition=edition[:30], bundle=bundles.to_text(bundle),
                bundle_hash=rules.bundle_hash(bundle), valid_from=valid[0], valid_to=valid[1],
                area_id=programme.owner_union_id, drafted_by=acting_user, drafted_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise refusals.DraftExists from None


@transaction.atomic
def fill_in(
    *,
    version_public_id: str,
    numbers: Mapping[str, Value] | None = None,
    choices: Mapping[str, Sequence[str]] | None = None,
    edition: str | Keep = KEEP,
    document_number: str | Keep = KEEP,
    meeting: str | Keep = KEEP,
    meeting_on: date | Keep | None = KEEP,
    attachment: UploadedFile | None = None,
    budget_fen: int | Keep | None = KEEP,
    valid_from: date | Keep = KEEP,
    valid_to: date | Keep | None = KEEP,
    acting_user: User,
) -> ProgrammeVersion:
    """Fill in a draft, all or nothing; what is not given stays. Numbers are typed values, money in fen."""
    version = draft(require(acting_user, "policy.version:draft"), version_public_id)
    before = {"bundle": version.bundle_hash, **_paper(version)}
    given = {
        "edition": edition, "document_number": document_number, "meeting": meeting, "meeting_on": meeting_on,
        "budget_fen": budget_fen, "valid_from": valid_from, "valid_to": valid_to,
    }  # fmt: skip
    for name, value in given.items():
        if not isinstance(value, Keep):
            setattr(version, name, value.strip() if isinstance(value, str) else value)
    _check(version)
    bundle = _changed_text(version, numbers or {}, choices or {})
    if attachment is not None:
        version.attachment = store_upload(
            upload=attachment, purpose="policy.document", object_kind="programme_version", union_id=version.area_id,
            acting_user=acting_user,
        )  # fmt: skip
    version.bundle, version.bundle_hash = bundles.to_text(bundle), rules.bundle_hash(bundle)
    _update(version, str(before["bundle"]))
    audit.record(
        "policy.version:fill", acting_user=acting_user, object_kind="programme_version", object_id=version.pk,
        union_id=version.area_id, before=before, after={"bundle": version.bundle_hash, **_paper(version)},
    )  # fmt: skip
    return version


def draft(scope: Scope, public_id: str) -> ProgrammeVersion:
    """A version in scope that may still be changed; what is published or asked about refuses."""
    rows = ProgrammeVersion.objects.filter(scope.unions("area_id"), public_id=public_id).select_related("programme")
    version = rows.first()
    if version is None:
        raise NotFoundHere
    if getattr(version, "publication", None) is not None or _asked(version):
        raise refusals.NotADraft
    return version


def _asked(version: ProgrammeVersion) -> bool:
    return open_approvals(system_scope(), APPROVAL_KIND).filter(object_id=version.pk).exists()


def _check(version: ProgrammeVersion) -> None:
    if version.valid_to is not None and version.valid_to < version.valid_from:
        raise refusals.DatesBackwards(field="valid_to")
    if version.budget_fen is not None and version.budget_fen <= 0:
        raise refusals.BudgetNotPositive(field="budget")
    check_meeting(version.meeting_on)


def check_meeting(on: date | None) -> None:
    """Refuse the day of a meeting that nobody has held yet."""
    if on is not None and on > clock.today():
        raise refusals.MeetingAhead(field="meeting_on")


def check_number(programme: rules.Programme, code: str, value: Value) -> None:
    """Refuse a number that the programme has not, and 0 for what it gives."""
    if code not in programme.amounts or programme.amounts[code].over is not None:
        raise refusals.NumberUnknown(field=f"number_{code}")
    given = {name for formula in programme.formulas for name in tree.amounts_of(formula.value)}
    if value == 0 and code in given and programme.amounts[code].kind.type == "fen":
        raise refusals.NothingGiven(field=f"number_{code}")


def _changed_text(
    version: ProgrammeVersion, numbers: Mapping[str, Value], choices: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """The bundle with these numbers, choices and dates; the numbers a union set name its present document."""
    bundle = bundles.from_text(version.bundle)
    programme = bundles.programme_of(version.bundle)
    by = union_names([version.programme.owner_union_id])[version.programme.owner_union_id]
    document = version.document_number or "文号待填"
    _check_numbers(programme, numbers, version.valid_from)
    try:
        if choices:
            bundle = _with_choices(version, bundle, choices)
        if choices or (programme.valid_from, programme.valid_to) != (version.valid_from, version.valid_to):
            bundle = rules.set_valid(bundle, version.valid_from, version.valid_to)
        for code, amount in programme.amounts.items():
            entry = amount.entries[-1]
            value = numbers.get(code, entry.value)
            is_new = code in numbers and (value != entry.value or amount.missing)
            is_ours = entry.origin == "set" and entry.by == by and amount.over is None
            if is_new or (is_ours and entry.document != document):
                bundle = rules.set_amount(bundle, code, value, document, by)  # type: ignore[arg-type]
        bundles.load_bundle(bundle)
    except rules.RuleErrors as error:
        raise refusals.TextBroken(refusals.first_problem(error)) from error
    return bundle


def _check_numbers(programme: rules.Programme, numbers: Mapping[str, Value], valid_from: date) -> None:
    for code, value in numbers.items():
        check_number(programme, code, value)
    first = max((amount.entries[0].from_ for amount in programme.amounts.values()), default=valid_from)
    if valid_from < first:
        raise refusals.NumbersBeginLater(first)


def _with_choices(
    version: ProgrammeVersion, bundle: dict[str, str], choices: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """The bundle with what the paper leaves open settled; what was settled before may be settled anew."""
    offered = choices_of(version)
    for key, option in choices.items():
        if key not in offered or tuple(option) not in offered[key].options:
            raise refusals.ChoiceUnknown(field=f"choice_{key}")
    settled = {key: settled_choice(bundles.programme_of(version.bundle), key) for key in offered}
    settled |= {key: tuple(option) for key, option in choices.items()}
    if any(key not in bundles.programme_of(version.bundle).choices for key in choices):
        # Settled once already: go back to the open text of the recipe. Forms change nothing else in that file.
        open_text = recipes.recipe(version.programme.recipe).bundle["programme.yaml"]
        bundle = {**bundle, "programme.yaml": open_text}
    for key, option in settled.items():
        if option:
            bundle = rules.choose(bundle, key, list(option))
    return bundle


def _update(version: ProgrammeVersion, old_hash: str) -> None:
    """Write, on the condition that the draft is still a draft and nobody changed its text meanwhile."""
    asked = open_approvals(system_scope(), APPROVAL_KIND).values("object_id")
    changed = (
        ProgrammeVersion.objects.filter(pk=version.pk, bundle_hash=old_hash, publication__isnull=True)
        .exclude(pk__in=asked)
        .update(
            edition=version.edition[:30], bundle=version.bundle, bundle_hash=version.bundle_hash,
            document_number=version.document_number[:60], meeting=version.meeting[:80], meeting_on=version.meeting_on,
            attachment=version.attachment_id, budget_fen=version.budget_fen, valid_from=version.valid_from,
            valid_to=version.valid_to,
        )
    )  # fmt: skip
    if not changed:
        raise refusals.ChangedMeanwhile


def _paper(version: ProgrammeVersion) -> dict[str, object]:
    return {
        "document_number": version.document_number, "meeting": version.meeting, "meeting_on": version.meeting_on,
        "attachment": version.attachment_id, "budget_fen": version.budget_fen, "valid_from": version.valid_from,
        "valid_to": version.valid_to, "edition": version.edition,
    }  # fmt: skip
