"""Several questions, one mood; and whether two indicators move together."""
