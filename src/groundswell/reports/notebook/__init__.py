"""Faces for notebooks: a report and a wave's profile, asked by name."""
