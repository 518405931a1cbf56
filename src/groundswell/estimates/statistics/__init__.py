"""The tables that are asked for: shares, means, totals, ratios, changes, tests, regressions."""
