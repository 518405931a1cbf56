"""What is asked of respondents: the grammar of questions, who is in their base, and the plan to add up."""
