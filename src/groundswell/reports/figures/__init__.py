"""Figures: drawings with a caption, words for who cannot see them, and their numbers."""
