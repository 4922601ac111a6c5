"""Route × role × relation: who sees what, and what nobody learns."""
