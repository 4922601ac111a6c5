"""One version: its text in words, filling in, trying, asking, confirming, taking back."""

from __future__ import annotations

import io
import zipfile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import require, rights_of
from niangjia.files.queries import file_cards, file_response
from niangjia.policy import bundles, desk
from niangjia.policy.forms import ConfirmationForm, DraftForm, WithdrawalForm, refuse
from niangjia.policy.services import drafts, publishing, refusals
from niangjia.policy.views.sent import sent
from niangjia.policy.views.trials import maybe_trial


@requires("policy.programme:read")
@require_GET
def version(request: HttpRequest, version: str) -> HttpResponse:
    """The version's page: the paper, the rule as rows in words, the numbers, and the trial beside it."""
    found = desk.version_for(request.user, version)
    return render(request, "policy/version.html", {"page": desk.version_page(found), "held": rights_of(request.user)})


@requires("policy.version:draft")
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, version: str) -> HttpResponse:
    """Fill in what the text lacks, and the paper it stands on."""
    found = drafts.draft(require(request.user, desk.DRAFTING), version)
    form = DraftForm(*sent(request), version=found)
    if request.method == "POST" and form.is_valid():
        try:
            drafts.fill_in(version_public_id=version, acting_user=request.user, **form.filled())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. The trial beside it is worked out anew."))
            return redirect("desk_version", version)
    page = desk.version_page(found)
    return render(request, "policy/draft.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@requires("policy.version:draft")
@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, version: str) -> HttpResponse:
    """Send a draft for confirmation: first what will happen, then it happens."""
    found = drafts.draft(require(request.user, desk.DRAFTING), version)
    page = desk.version_page(found)
    if request.method == "POST":
        try:
            publishing.ask_confirmation(version_public_id=version, acting_user=request.user)
        except refusals.NotReady:
            pass  # the page names everything that is missing
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
            return redirect("desk_version", version)
        else:
            messages.success(request, _("Sent. It is published when a second person confirms it."))
            return redirect("desk_version", version)
    status = 422 if request.method == "POST" else 200
    return render(request, "policy/request.html", {"page": page, "trial": maybe_trial(request, found)}, status=status)


@requires("policy.version:confirm")
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, version: str) -> HttpResponse:
    """The second person's page: the paper beside the rule in words; 与文件一致 or back with one sentence."""
    found = desk.version_for(request.user, version)
    asked = desk.request_of(found)
    if asked is None:
        return redirect("desk_version", version)
    form = ConfirmationForm(*sent(request)[:1])
    if request.method == "POST" and form.is_valid():
        answer, note = form.cleaned_data["answer"], form.cleaned_data["note"]
        try:
            publishing.answer_request(
                approval_public_id=asked.public_id, verdict=answer, note=note, acting_user=request.user
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _answered(request, version, answer)
    context = {"page": desk.version_page(found), "form": form, "asked": asked, "trial": maybe_trial(request, found)}
    return render(request, "policy/confirmation.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, version: str, answer: str) -> HttpResponse:
    if answer == "confirmed":
        messages.success(request, _("Published, and everybody in the area was decided about at once."))
        return redirect("desk_version", version)
    messages.success(request, _("Returned with your sentence. Nothing was published."))
    return redirect("desk_requests")


@requires("policy.programme:read")
@require_GET
def document(request: HttpRequest, version: str) -> FileResponse:
    """The signed paper of a version."""
    found = desk.version_for(request.user, version)
    if found.attachment_id is None:
        raise NotFoundHere
    return file_response(file_cards([found.attachment_id])[found.attachment_id])


@requires("policy.programme:read")
@require_GET
def folder(request: HttpRequest, version: str) -> HttpResponse:
    """The version as a folder again, so that another county can take it over."""
    found = desk.version_for(request.user, version)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(bundles.from_text(found.bundle).items()):
            archive.writestr(f"{found.programme.slug}/{name}", text)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.programme.slug}-{found.number}.zip"'
    return response


@requires("policy.version:confirm")
@require_http_methods(["GET", "POST"])
def withdrawal(request: HttpRequest, version: str) -> HttpResponse:
    """Take a published version back, with a reason."""
    found = desk.version_for(request.user, version)
    form = WithdrawalForm(*sent(request)[:1])
    if request.method == "POST" and form.is_valid():
        try:
            publishing.withdraw(version_public_id=version, reason=form.cleaned_data["reason"], acting_user=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Taken back. Nobody new is found by it; lists that stand are kept."))
            return redirect("desk_version", version)
    context = {"page": desk.version_page(found), "form": form}
    return render(request, "policy/withdrawal.html", context, status=422 if form.errors else 200)
