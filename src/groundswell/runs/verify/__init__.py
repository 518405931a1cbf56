"""Whether published reports are as published, and their numbers come out again."""
