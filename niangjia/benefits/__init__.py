"""What follows a decision: lists that are frozen, noticed, approved and served; what a worker sees.

It is not for: deciding who meets a rule (`policy`). Its main nouns: `FrozenList`, `ListRow`,
`Hold`, `PublicNotice`, `Serving`, `Voucher`.
"""
