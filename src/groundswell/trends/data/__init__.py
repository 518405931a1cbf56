"""What the trend is fitted to: the observations of a survey or of a table of shares, and their noise."""
