"""The federation itself: the tree of unions, who may do what where, second persons, the audit trail.

It is not for: the people a union serves (`people`). Its main nouns: `Union`, `UnionEdge`,
`Grant`, `Scope`, `Approval`, `AuditRow`.
"""
