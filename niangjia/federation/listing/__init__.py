"""The one list of officers' pages: filtered, sorted, counted with its unit, saved, printed and exported alike.

A room registers a `ListKind`; what an address may ask for is what the kind declares, and nothing else.
"""
