"""What a notebook of one's own shows, as a page of the archive may hold it: clean, drawn offline, or refused."""
