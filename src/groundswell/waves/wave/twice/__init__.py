"""Respondents who stand in two waves."""
