"""What a survey declares to be looked at: moods of several indicators, and rules of which it is told."""
