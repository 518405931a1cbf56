"""The trend figure: the level with its bands, every observation, and labels that cover nothing."""
