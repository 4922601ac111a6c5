"""The addresses of this room, for the three areas; the site places them under desk/, my/ and employer/."""

from __future__ import annotations

from django.urls import path

from niangjia.benefits.views import draws, employer, lists, notices, own, prints, quotas

desk_urlpatterns = [
    path("lists/", lists.index, name="desk_lists"),
    path("lists/<str:version>/", lists.one, name="desk_list"),
    path("lists/<str:version>/holds/", lists.hold, name="desk_list_hold"),
    path("lists/<str:version>/holds/<str:hold>/lift/", lists.lift, name="desk_list_lift"),
    path("lists/<str:version>/freeze/", lists.freeze_list, name="desk_list_freeze"),
    path("lists/<str:version>/answer/", lists.answer, name="desk_list_answer"),
    path("lists/<str:version>/draws/", draws.fix, name="desk_draw_fix"),
    path("lists/<str:version>/draws/<str:draw>/seed/", draws.seed, name="desk_draw_seed"),
    path("lists/<str:version>/places/", draws.now_file, name="desk_places"),
    path("lists/<str:version>/quotas/", quotas.moves, name="desk_quotas"),
    path("lists/<str:version>/quotas/return/", quotas.give_back, name="desk_quota_return"),
    path("lists/<str:version>/quotas/undo/", quotas.undo, name="desk_quota_undo"),
    path("lists/<str:version>/quotas/reallot/", quotas.reallot, name="desk_quota_reallot"),
    path("notices/", notices.index, name="desk_notices"),
    path("notices/<str:frozen>/", notices.one, name="desk_notice"),
    path("notices/<str:frozen>/start/", notices.start, name="desk_notice_start"),
    path("notices/<str:frozen>/ask/", notices.ask, name="desk_notice_ask"),
    path("notices/<str:frozen>/approval/", notices.approve, name="desk_notice_approve"),
    path("notices/<str:frozen>/release/", notices.release, name="desk_notice_release"),
    path("notices/<str:frozen>/servings/", notices.record, name="desk_notice_record"),
    path("notices/<str:frozen>/servings/<str:serving>/end/", notices.end, name="desk_notice_end"),
    path("notices/<str:frozen>/rows/<int:row>/exclude/", notices.exclude, name="desk_notice_exclude"),
    path("notices/<str:frozen>/cancel/", notices.cancel, name="desk_notice_cancel"),
    path("notices/<str:frozen>/places/", draws.list_file, name="desk_notice_places"),
    path("notices/<str:frozen>/paper/", notices.paper, name="desk_notice_paper"),
    path("notices/<str:frozen>/sheet/", prints.notice_sheet, name="desk_notice_sheet"),
    path("notices/<str:frozen>/roster/", prints.roster, name="desk_notice_roster"),
]

my_urlpatterns = [
    path("", own.home, name="my_home"),
    path("benefits/<str:version>/<str:subject>/", own.detail, name="my_benefit"),
    path("todo/", own.todo, name="my_todo"),
    path("todo/<str:subject>/<str:fact>/", own.supply, name="my_supply"),
    path("me/", own.me, name="my_me"),
]

employer_urlpatterns = [
    path("", employer.home, name="employer_home"),
    path("benefits/<str:version>/<str:subject>/", employer.detail, name="employer_benefit"),
]
