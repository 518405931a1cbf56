"""Evidence: what is known about a report or a wave, in numbers and records, before a word of it is said."""
