"""A project in an object store: surveys brought here before a run, reports brought there after each publication."""
