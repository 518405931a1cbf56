"""Survey folders looked at: what a project holds, and what is wrong with it."""
