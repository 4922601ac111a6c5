"""The files of a form, whether they came with it or in parts before it."""

from __future__ import annotations

from itertools import zip_longest

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from niangjia.core.errors import NotFoundHere
from niangjia.files.services.uploads import NotWhole, whole_upload

ENDING, NAME = "__upload", "__name"


def files_of(request: HttpRequest) -> MultiValueDict[str, UploadedFile]:
    """Like `request.FILES`; a field `photograph__upload` brings the upload it names as `photograph`.

    Beside each upload `photograph__name` may say how its file was called: for the sender's eyes only.
    One that is not whole, not one's own, or thrown away is simply not there: the form asks for it again.
    """
    found = MultiValueDict({name: request.FILES.getlist(name) for name in request.FILES})
    for name in request.POST:
        if not name.endswith(ENDING):
            continue
        field = name.removesuffix(ENDING)
        for public_id, called in zip_longest(request.POST.getlist(name), request.POST.getlist(field + NAME)):
            try:
                found.appendlist(field, whole_upload(public_id or "", request.user, name=called or "upload"))
            except (NotFoundHere, NotWhole):
                continue
    return found
