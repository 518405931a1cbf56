"""Where a file holds several answers to one question: columns that belong together, cells, lists, what it declares."""
