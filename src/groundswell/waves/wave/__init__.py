"""One wave of respondents: its TOML, its checked file, how codes become answers, its weights and download."""
