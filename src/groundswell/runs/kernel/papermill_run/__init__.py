"""A notebook executed by papermill in a kernel of ours, for a report or by papermill's own command."""
