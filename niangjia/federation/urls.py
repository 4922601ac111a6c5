"""The addresses of this room, under /desk/."""

from __future__ import annotations

from django.urls import path

from niangjia.federation.views import account, lists, looks, rights, trail, tree

urlpatterns = [
    path("rights/", rights.rights, name="rights"),
    path("rights/new/", rights.right_new, name="right_new"),
    path("rights/<int:grant>/take/", rights.right_take, name="right_take"),
    path("account/", account.own_account, name="own_account"),
    path("account/password/", account.password_change, name="password_change"),
    path("account/deputies/<int:grant>/", account.deputy_new, name="deputy_new"),
    path("account/deputies/<int:grant>/end/", account.deputy_end, name="deputy_end"),
    path("requests/<slug:approval>/withdraw/", account.request_withdraw, name="request_withdraw"),
    path("looks/", looks.look_tasks, name="look_tasks"),
    path("looks/<slug:task>/close/", looks.look_task_close, name="look_task_close"),
    path("export/<str:list_code>/", lists.list_export, name="list_export"),
    path("save/<str:list_code>/", lists.list_save, name="list_save"),
    path("saved/<slug:saved_list>/drop/", lists.list_drop, name="list_drop"),
    path("exports/", lists.own_exports, name="own_exports"),
    path("exports/<slug:export>/", lists.export, name="export"),
    path("unions/", tree.union_list, name="union_list"),
    path("audit/exports/", lists.export_list, name="export_list"),
    path("audit/looks/", looks.lookers, name="lookers"),
    path("tree/", tree.tree, name="tree"),
    path("tree/changes/<slug:change>/", tree.tree_change, name="tree_change"),
    path("tree/<slug:union>/", tree.tree_union, name="tree_union"),
    *(
        path(f"tree/<slug:union>/{kind}/", tree.tree_propose, {"kind": kind}, name=f"tree_{kind}")
        for kind in ("found", "move", "merge", "split")
    ),
    path("audit/", trail.audit_trail, name="audit_trail"),
    path("audit/verify/", trail.verify_chain, name="audit_verify"),
]
