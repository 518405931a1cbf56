"""Units for the schedulers that people have: when a project's reports are made, and by which command."""
