"""Engines think and never store: pure Python, no Django, no import of another engine."""
