"""授权书: the form to print, the signed paper to enter, and its withdrawal."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.files.arrived import files_of
from niangjia.files.queries import file_card, file_response
from niangjia.people import paperwork
from niangjia.people.bureaux import authorities as reads
from niangjia.people.bureaux.authorityform import Whose, whose
from niangjia.people.bureaux.suppliers import bureaus
from niangjia.people.forms import refuse
from niangjia.people.forms.checks import AuthorityForm
from niangjia.people.services import authorities

READ, WRITE = "people.registry:read", "people.registry:write"
USUAL_DAYS = 365


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def authority_new(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Enter the signed paper of a household, or of somebody who belongs to none."""
    owner = whose(scope_of(request.user, WRITE), kind, public_id)
    form = _form(request, owner)
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, owner, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The authority is entered. The bureaus it names may be asked until it ends."))
            return redirect(owner.address)
    context = {"owner": owner, "form": form, "papers": reads.papers_about(owner.household, owner.person)}
    return render(request, "people/authority_new.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, owner: Whose) -> AuthorityForm:
    today = clock.today()
    initial = {
        "signers": [str(one.person_id) for one in owner.adults], "bureaus": list(bureaus()), "signed_on": today,
        "valid_until": today + timedelta(days=USUAL_DAYS), "request_id": token_urlsafe(18),
    }  # fmt: skip
    return AuthorityForm(
        request.POST or None, files_of(request) or None, adults=owner.adults, bureaus=bureaus(), initial=initial,
        photographs=reads.photographs_waiting(owner.kind, owner.subject.pk),
    )  # fmt: skip


def _record(request: HttpRequest, owner: Whose, values: dict[str, Any]) -> None:
    authorities.record_authority(
        household=owner.household, person=owner.person, signer_ids=[int(pk) for pk in values["signers"]],
        bureaus_named=values["bureaus"], purpose=values["purpose"], signed_on=values["signed_on"],
        valid_until=values["valid_until"], paper=values["paper"], photographed=values["photographed"],
        request_id=values["request_id"], acting_user=request.user,
    )  # fmt: skip


@requires(READ)
@require_GET
def authority_form(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The form to print and sign; by its code a photograph of the signed page files itself."""
    owner = whose(scope_of(request.user, READ), kind, public_id)
    code = paperwork.printed(paperwork.AUTHORITY, owner.kind, owner.subject.pk, owner.subject.union_id, request.user)
    until = clock.today() + timedelta(days=USUAL_DAYS)
    context = {
        "owner": owner, **code, "bureaus": list(bureaus()), "purpose": reads.PURPOSE, "until": until,
    }  # fmt: skip
    return render(request, "people/authority_form.html", context)


@requires("files.evidence:read")
@require_GET
def authority_paper(request: HttpRequest, public_id: str) -> FileResponse:
    """The scan; looking at it is written down."""
    paper = reads.authority_in(scope_of(request.user, "files.evidence:read"), public_id)
    authorities.look_at_paper(paper=paper, acting_user=request.user)
    return file_response(file_card(paper.file.public_id))


@requires(WRITE)
@require_POST
def authority_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that it was taken back."""
    paper = reads.authority_in(scope_of(request.user, WRITE), public_id)
    try:
        authorities.withdraw_authority(public_id=public_id, acting_user=request.user)
        messages.success(request, _("Noted. From now on nobody is asked on this paper."))
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    kind, owner = ("household", paper.household) if paper.household else ("person", paper.person)
    return redirect("authority_new", kind, owner.public_id)
