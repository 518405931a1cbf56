"""The TOML files of a survey as JSON Schema, for editors."""
