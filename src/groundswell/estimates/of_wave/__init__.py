"""A wave's estimates as a survey keeps and shows them: shares by domain, what is hidden, quality, raking."""
