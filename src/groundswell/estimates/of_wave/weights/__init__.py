"""A wave's weights raked to its survey's margins, with what raking would and did do."""
