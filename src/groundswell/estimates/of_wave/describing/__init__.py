"""A wave, or any file, described for the researcher who has it."""
