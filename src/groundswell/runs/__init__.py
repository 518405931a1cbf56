"""Floor 5: making it happen. From a survey's name and parameters to a published, dated report.

Rooms: `plan` decides which report is made and from what, `kernel` runs notebooks, `run` makes and publishes reports,
`verify` makes published ones again, `checks` looks at survey folders. Import from their modules: this list stays
empty so that the kernel's own process, which starts here, loads nothing that it does not need.
"""
