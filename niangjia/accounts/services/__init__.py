"""The writers of this room."""
