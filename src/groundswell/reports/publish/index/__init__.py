"""The pages about the archive: its index, its surveys, what programs read of it, what is kept for the next one."""
