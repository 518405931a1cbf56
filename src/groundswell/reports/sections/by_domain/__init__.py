"""The domains of the newest wave and through time: panels, gaps and the table."""
