"""What earlier reports said: the last one, its forecasts and their chain, and how they held."""
