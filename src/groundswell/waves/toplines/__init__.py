"""Published shares: `toplines.csv` read cell by cell, checked row against row, summed to waves."""
