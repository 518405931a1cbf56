"""The reader's language: one catalogue a language says every sentence, its locale writes every date and number."""
