"""Whole questions: all answers of one, followed together, so that they add up."""
