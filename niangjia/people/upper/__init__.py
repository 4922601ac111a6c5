"""Systems of the levels above that are still filled in by hand: what stands there, what differs, and how to copy it."""
