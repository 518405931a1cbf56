"""The domains of a variable through time: each one's distance from the whole, pooled, and levels that add up to it."""
