"""One file that holds many waves: which they are, and whether what is taken for one is one."""
