"""Two files of one person: every room's rows go along, and come back."""
