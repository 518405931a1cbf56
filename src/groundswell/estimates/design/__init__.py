"""How respondents were drawn: the design, its columns and weights, its sampling units."""
