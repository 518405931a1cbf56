"""What is asked of a fitted trend: levels by segment, changes, comparisons, next waves, and where from."""
