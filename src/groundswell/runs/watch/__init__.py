"""Watching a project: what has come in is checked, reported and told of."""
