from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from niangjia.accounts.doors import logged_in
from niangjia.core.errors import Refusal
from niangjia.files.models import Upload
from niangjia.files.services import uploads


def _told(upload: Upload, status: int = 200) -> JsonResponse:
    return JsonResponse({"id": upload.public_id, "received": upload.received, "size": upload.size}, status=status)


@logged_in
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload, or find the one begun under the same key: where to go on."""
    size = request.POST.get("size", "")
    key = request.POST.get("key", "")[:40]
    if not key or not size.isascii() or not size.isdigit():
        return JsonResponse({"error": "key and size"}, status=400)
    try:
        return _told(uploads.begin_upload(key=key, size=int(size), acting_user=request.user), 201)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.sentence)}, status=422)


@logged_in
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, upload: str) -> HttpResponse:
    """How much is here; or one part, with its place in the header X-Offset."""
    if request.method == "GET":
        return _told(uploads.upload_of(upload, request.user))
    place = request.headers.get("X-Offset", "")
    offset = int(place) if place.isascii() and place.isdigit() and len(place) < 12 else -1
    try:
        found = uploads.take_part(public_id=upload, offset=offset, content=request.body, acting_user=request.user)
    except uploads.OutOfPlace as error:
        return JsonResponse({"received": error.received}, status=409)
    return _told(found)
