"""Proofs of the rule engine."""
