"""Whether the archive is whole: what is damaged, and the way out. Nothing is written."""
