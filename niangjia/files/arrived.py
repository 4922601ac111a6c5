"""The files of a form, whether they came with it or in parts before it."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from niangjia.core.errors import NotFoundHere
from niangjia.files.services.uploads import NotWhole, whole_upload

ENDING = "__upload"


def files_of(request: HttpRequest) -> MultiValueDict[str, UploadedFile]:
    """Like `request.FILES`; a field `photograph__upload` brings the upload it names as `photograph`.

    One that is not whole, not one's own, or thrown away is simply not there: the form asks for it again.
    """
    found = MultiValueDict({name: request.FILES.getlist(name) for name in request.FILES})
    for name in request.POST:
        if not name.endswith(ENDING):
            continue
        for public_id in request.POST.getlist(name):
            try:
                found.appendlist(name.removesuffix(ENDING), whole_upload(public_id, request.user))
            except (NotFoundHere, NotWhole):
                continue
    return found
