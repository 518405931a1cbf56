"""A kernel for a notebook: started early, closed to the network, ended at once."""
