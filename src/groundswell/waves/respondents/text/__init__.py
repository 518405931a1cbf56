"""Text files of respondents: what their bytes, lines and cells are."""
