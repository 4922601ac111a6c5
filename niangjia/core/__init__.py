"""What every room stands on: clock, money, ids, field encryption, registries, errors.

It is not for: anything a union officer has a word for. Domain nouns live in the rooms above.
Its main nouns: `clock`, `Registry`, `Fact` (the registration of a fact), `RecordSet`, `Refusal`.
"""
