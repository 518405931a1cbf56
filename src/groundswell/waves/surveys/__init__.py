"""A survey folder: its records, its place in the project, its fieldwork dates and raking margins."""
