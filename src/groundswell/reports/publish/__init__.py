"""Reports as files: the page, the archive with its index and feed, cards, pictures and prints."""
