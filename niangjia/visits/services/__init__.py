"""The verbs of this room."""
