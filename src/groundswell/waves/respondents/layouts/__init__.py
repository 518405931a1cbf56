"""How a file is laid out: what is stated of it, and where its names and its first respondent stand."""
