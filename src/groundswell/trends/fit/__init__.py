"""From observations to a posterior: the mode, its neighbourhood as a mixture, events and outlying waves."""
