"""Employers as bodies: how large by the official classes, and which of them belong together."""
