"""The addresses of this room: uploads in parts. Files themselves are shown by the rooms that keep them."""

from __future__ import annotations

from django.urls import path

from niangjia.files.views import uploads

urlpatterns = [
    path("uploads/", uploads.begin, name="upload_begin"),
    path("uploads/<slug:upload>/", uploads.part, name="upload_part"),
]
