"""The officer's pages about programmes and decisions."""
