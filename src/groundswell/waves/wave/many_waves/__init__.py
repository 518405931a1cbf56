"""One file that holds many waves: which they are, and what it holds of each."""
