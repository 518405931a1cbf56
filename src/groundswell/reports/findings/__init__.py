"""Findings: sentences about what moved, each allowed only by its evidence."""
