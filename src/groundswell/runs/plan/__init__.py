"""Which report is to be made, and from what: its notebook, parameters, name and inputs."""
