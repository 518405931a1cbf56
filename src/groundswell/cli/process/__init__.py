"""The process of a command: what signals do to it, and who hears what happens in it."""
