"""Respondents of one file, whatever its format: rows, codebook, and SQL over them."""
