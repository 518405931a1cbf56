"""Codes of answers looked at: which look like no answer, which share a label, which have none."""
