"""The addresses of this room: under /desk/, and one for whoever has a slip."""

from __future__ import annotations

from django.urls import path

from niangjia.cases.views import contacts, needs, returns, towns

desk_urlpatterns = [
    path("towns/", towns.index, name="towns"),
    path("towns/asked/", towns.asked, name="towns_asked"),
    path("towns/new/", towns.new, name="town_task_new"),
    path("towns/<slug:assignment>/", towns.task, name="town_task"),
    path("towns/<slug:assignment>/print/", towns.sheet, name="town_task_print"),
    path("towns/<slug:assignment>/withdraw/", towns.withdraw, name="town_task_withdraw"),
    path("towns/<slug:assignment>/attachment/", towns.attachment, name="town_task_attachment"),
    path("returns/<slug:due>/", returns.one, name="town_return"),
    path("returns/<slug:due>/give/", returns.give, name="town_return_give"),
    path("returns/<slug:due>/back/", returns.send_back, name="town_return_back"),
    path("returns/<slug:due>/attachment/", returns.attachment, name="town_return_attachment"),
    path("returns/<slug:due>/files/<int:number>/", returns.file, name="town_return_file"),
    path("contacts/", contacts.index, name="contacts"),
    path("contacts/new/", contacts.new, name="contact_new"),
    path("contacts/<slug:contact>/", contacts.one, name="contact"),
    path("contacts/<slug:contact>/slip/", contacts.slip, name="contact_slip"),
    path("contacts/<slug:contact>/accept/", contacts.accept, name="contact_accept"),
    path("contacts/<slug:contact>/answer/", contacts.answer, name="contact_answer"),
    path("contacts/<slug:contact>/reopen/", contacts.reopen, name="contact_reopen"),
    path("contacts/<slug:contact>/pass-on/", contacts.pass_on, name="contact_pass_on"),
    path("needs/", needs.index, name="needs"),
    path("needs/<slug:need>/", needs.need, name="need"),
    path("stays/", needs.stays_index, name="stays"),
    path("stays/new/", needs.new, name="stay_new"),
    path("stays/<slug:stay>/", needs.stay, name="stay"),
    path("stays/<slug:stay>/print/", needs.sheet, name="stay_print"),
]

public_urlpatterns = [
    path("progress/", contacts.progress, name="contact_progress"),
]
