"""Changes of the level: which days are compared, how sure after a search, what stood still, what was highest."""
