"""Whatever somebody must handle: tasks handed down and their returns, first contacts handed over, needs of a visit.

It is not for: whether somebody is entitled (`policy`), or what was handed out (`benefits`). Its main nouns:
`Assignment`, `DueReturn`, `FirstContact`, `Need`.
"""
