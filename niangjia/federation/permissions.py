"""This room's rights and audit actions, and the roles of the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.core.areas import UNDER_THE_NAME, MenuEntry, menu
from niangjia.federation.actions import AuditAction, register_actions
from niangjia.federation.rights import Right, Role, register_rights, roles

_WORKER = frozenset({"benefits.own:read", "people.own:state"})
_EMPLOYER = frozenset({"benefits.employer:read"})
_PUBLIC_DESK = frozenset({"policy.programme:read", "benefits.list:read"})
_VIEWER = _PUBLIC_DESK | {"cases.assignment:read", "people.usage:read"}
# Who comes from outside sees the drawn files of a sample he is named for, and nothing else of the registry.
_ASSESSOR = frozenset({"policy.programme:read", "visits.sample:assess"})
# The same for whoever does it for a provider: its samples, on the provider's own page.
_PROVIDERS_ASSESSOR = frozenset({"visits.sample:assess"})
# Each appoints his like: nobody gives what he does not hold.
_APPOINTS = frozenset({"federation.grant:read", "federation.grant:give"})
_TOWN = _VIEWER | {
    "federation.grant:read", "federation.look:open_task", "federation.union:read",
    "people.registry:read", "people.registry:write", "people.own:print", "people.registry:merge", "people.fact:verify",
    "files.evidence:read", "files.paper:file", "benefits.list:hold",
    "cases.assignment:hand_down", "cases.return:give", "cases.contact:handle", "cases.need:handle",
    "visits.visit:read", "visits.visit:record",
    "benefits.quota:return", "people.check:read",
}  # fmt: skip
_COUNTY = _TOWN | _APPOINTS | {
    "policy.version:draft", "policy.snapshot:take", "benefits.list:freeze", "benefits.list:serve",
    "benefits.list:release", "benefits.list:export", "people.registry:move", "federation.union:place",
    "people.erasure:propose", "people.check:send",
    "people.registry:export", "people.identity:export",
    # Nobody gives what he does not hold: who names assessors holds their right, and is named for no sample himself.
    "visits.standard:adopt", "visits.campaign:run", "visits.sample:draw", "visits.sample:assess",
    "providers.provider:read", "providers.contract:conclude",
}  # fmt: skip
_DEPUTY = _VIEWER | _APPOINTS | {
    "federation.union:read", "federation.union:confirm", "policy.version:confirm", "benefits.list:approve",
    "people.registry:read", "people.erasure:confirm", "people.check:confirm",
    "federation.export:confirm", "visits.visit:read", "providers.provider:read",
}  # fmt: skip
_AUDITOR = _APPOINTS | {
    "federation.audit:read", "federation.audit:export", "federation.union:read", "policy.programme:read",
}  # fmt: skip


def register() -> None:
    """Offer rights, actions and roles."""
    register_rights(
        Right("federation.grant:read", _("See who may do what")),
        Right("federation.grant:give", _("Give and take back roles")),
        Right("federation.look:open_task", _("Give one reason for a whole task of looks")),
        Right("federation.union:read", _("See the tree of unions")),
        Right("federation.union:place", _("Propose changes of the tree")),
        Right("federation.union:confirm", _("Confirm changes of the tree")),
        Right("federation.audit:read", _("Read the audit trail")),
        Right("federation.audit:export", _("Take the audit trail out of the desk")),
        Right("federation.export:confirm", _("Confirm large or sensitive exports")),
    )
    register_actions(
        AuditAction("federation.tree:load", _("loaded unions in bulk")),
        AuditAction("federation.installation:backup", _("backed the whole installation up")),
        AuditAction("federation.installation:restore", _("restored the installation from an archive")),
        AuditAction("federation.chain:verify", _("had the chain verified")),
        AuditAction("federation.session:open", _("logged in")),
        AuditAction("federation.union:found", _("founded a union")),
        AuditAction("federation.union:place", _("placed a union in the tree")),
        AuditAction("federation.tree:change", _("did a confirmed change of the tree")),
        AuditAction("federation.grant:give", _("gave a role")),
        AuditAction("federation.grant:revoke", _("took back a role")),
        AuditAction("federation.grant:deputise", _("named a deputy for a time")),
        AuditAction("federation.account:open", _("opened an account")),
        AuditAction("federation.account:password", _("changed the password")),
        AuditAction("federation.look:open_task", _("gave a reason for a task of looks")),
        AuditAction("federation.look:close_task", _("ended a task of looks")),
        AuditAction("federation.export:take", _("took a list out of the desk")),
        AuditAction("federation.list:save", _("saved a list under a name")),
        AuditAction("federation.list:drop", _("removed a saved list")),
        AuditAction("federation.approval:withdraw", _("took back the request for a confirmation")),
        AuditAction("federation.approval:ask", _("asked for a second person's confirmation")),
        AuditAction("federation.approval:decide", _("decided on a confirmation")),
    )
    _register_roles()
    menu.register(
        "federation.rights",
        MenuEntry(
            "desk", 88, _("Who may do what"), "rights", right="federation.grant:read", under=UNDER_THE_NAME
        ),
    )  # fmt: skip
    menu.register(
        "federation.tree",
        MenuEntry("desk", 89, _("Unions"), "tree", right="federation.union:read", under=UNDER_THE_NAME),
    )
    menu.register(
        "federation.audit", MenuEntry("desk", 90, _("Audit trail"), "audit_trail", right="federation.audit:read")
    )


def _register_roles() -> None:
    for role in (
        Role("worker", _("Worker"), _WORKER, "my", scope_kind="self"),
        Role("employer_agent", _("Employer's agent"), _EMPLOYER, "employer", scope_kind="employer"),
        Role(
            "provider_assessor",
            _("Provider's assessor"),
            _PROVIDERS_ASSESSOR,
            "partner",
            apart="assessing",
            scope_kind="provider",
            most_days=366,
        ),
        Role("viewer", _("Viewer"), _VIEWER, "desk", by_programme=True),
        Role("town_officer", _("Town officer"), _TOWN, "desk", apart="handling", by_programme=True),
        Role("county_officer", _("County officer"), _COUNTY, "desk", apart="handling", by_programme=True),
        Role("deputy_chair", _("Deputy chair"), _DEPUTY, "desk", apart="confirming"),
        Role("auditor", _("Auditor"), _AUDITOR, "desk", apart="auditing"),
        Role("assessor", _("Outside assessor"), _ASSESSOR, "desk", apart="assessing", most_days=90),
    ):
        roles.register(role.code, role)
