"""Weights that add up to a population, and what they cost."""
