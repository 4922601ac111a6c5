"""What the trail calls the things rows are about and the values they carry; a name without words stays as it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "person": _("Person"), "household": _("Household"), "employer": _("Employer"), "union": _("Union"),
    "provider": _("Provider"),
    "user": _("User"), "file": _("File"), "statement": _("Statement"), "frozen_list": _("Frozen list"),
    "programme_version": _("Programme version"), "coverage": _("Register"),
    "roster": _("Roster"), "draw": _("Draw of lots"), "export": _("Export"), "saved_list": _("Saved list"),
    "look_task": _("Task of looks"), "installation": _("Installation"), "federation.tree": _("Change of the tree"),
    "federation.export": _("Confirmation of an export"),
    "standard": _("Standard"), "campaign": _("Re-check"), "sample": _("Sample for an outside check"),
    "figure": _("Reported figure"), "chain": _("Chain of the trail"),
    "snapshot": _("Snapshot of the facts"),
    "policy.version": _("Confirmation of a programme"), "benefits.list": _("Approval of a list"),
}  # fmt: skip

DETAILS = {
    "amount_fen": _("Amount"), "approval": _("Approval"), "asked": _("Asked about in all"), "attachment": _("Scan"),
    "budget_fen": _("Budget"), "bundle": _("Digest of the text"), "cause": _("Cause"), "code": _("Code of the union"),
    "columns": _("Columns"), "conditions": _("Conditions"),
    "complete_on": _("Complete on"), "day": _("Day"), "decision": _("Decision"), "digest": _("Digest"),
    "document": _("Document"), "document_number": _("Document number"), "edges": _("Edges of the tree"),
    "edition": _("Edition"), "employer": _("Employer"), "employers": _("Number of employers"),
    "ended_on": _("Last day"), "fact": _("Fact"), "facts": _("Number of facts"),
    "first_time_households": _("Households served first"), "form": _("Form"), "from": _("From"), "grade": _("Grade"),
    "hardship_files": _("Hardship files"), "households": _("Number of households"), "how": _("How"),
    "if_confirmed": _("Yes, once confirmed"), "jobs": _("Number of jobs"), "language": _("Language"),
    "list": _("List"), "meeting": _("Meeting"), "meeting_on": _("Day of the meeting"),
    "members": _("Members of households"), "memberships": _("Memberships"), "name": _("Called"),
    "near": _("Near misses"), "no": _("Not met"), "no_longer": _("No longer met"), "note": _("Note"),
    "number": _("Serial number"), "of": _("Digest of the recipe"), "on": _("Day"),
    "one_missing": _("One fact missing"), "paper": _("Paper"), "parent": _("Union above"), "person": _("Person"),
    "persons": _("Number of persons"), "place": _("Place"), "proof": _("Proof"), "purpose": _("Purpose"),
    "reason": _("Reason"), "recipe": _("Recipe"), "reference": _("Number of the voucher or transfer"),
    "result": _("What came of it"), "visit": _("Visit"),
    "register": _("Register"), "registered_on": _("Registered on"), "relation": _("Relation"),
    "review": _("Review due on"), "role": _("Role"), "rows": _("Number of rows"), "scope": _("Scope"),
    "serving": _("Handing out"), "servings": _("Number handed out"), "silent": _("Nothing known"), "size": _("Bytes"),
    "source": _("Source"), "staff": _("Staff"), "started_on": _("First day"), "statement": _("Statement"),
    "tab": _("Group"), "today": _("As of"), "total_fen": _("In all"), "trigger": _("Occasion"), "type": _("Type"),
    "union": _("Union"), "unions": _("Number of unions"), "unknown": _("Unknown"), "unpriced": _("Without an amount"),
    "until": _("Until"), "user": _("User"), "valid_from": _("Valid from"), "valid_to": _("Valid to"),
    "value": _("Value"), "verdict": _("Answer"), "version": _("Version"), "voucher": _("Voucher"),
    "vouchers": _("Vouchers"), "wage_fen": _("Monthly wage"), "way": _("Way"), "written": _("Decisions written"),
    "yes": _("Meets the rules so far"),
}  # fmt: skip
