"""The addresses of this room, under /desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.cases.views import returns, towns

desk_urlpatterns = [
    path("towns/", towns.index, name="towns"),
    path("towns/new/", towns.new, name="town_task_new"),
    path("towns/<slug:assignment>/", towns.task, name="town_task"),
    path("towns/<slug:assignment>/print/", towns.sheet, name="town_task_print"),
    path("towns/<slug:assignment>/export/", towns.export, name="town_task_export"),
    path("towns/<slug:assignment>/withdraw/", towns.withdraw, name="town_task_withdraw"),
    path("towns/<slug:assignment>/attachment/", towns.attachment, name="town_task_attachment"),
    path("returns/<slug:due>/", returns.one, name="town_return"),
    path("returns/<slug:due>/give/", returns.give, name="town_return_give"),
    path("returns/<slug:due>/back/", returns.send_back, name="town_return_back"),
    path("returns/<slug:due>/attachment/", returns.attachment, name="town_return_attachment"),
    path("returns/<slug:due>/files/<int:number>/", returns.file, name="town_return_file"),
]
