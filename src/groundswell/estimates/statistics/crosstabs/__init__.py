"""Two questions crossed: shares, counts and totals, letters of column differences, and the same of a file."""
