"""Who works for the union under a contract: law firms, schools, clinics, insurers, social organisations.

It is not for: what is put into a provider's hands (the rooms above do that), or employers of members (`people`).
Its main nouns: `Provider`, `Contract`, `ContractEnd`.
"""
