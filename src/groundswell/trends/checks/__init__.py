"""How far a trend can be trusted: earlier forecasts, without each house, against known truth."""
