"""Sections: the pieces of a page in the order in which it is read."""
