"""Proofs of the allocation engine."""
