"""The model: what a wave measures, houses, shocks, priors, and the state-space form that sums them."""
