"""TOML and text files whose every fault is named with its line."""
