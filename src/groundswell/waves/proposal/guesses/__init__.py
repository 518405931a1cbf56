"""Which column of a new file is what: by its words and by what it holds, with rivals."""
