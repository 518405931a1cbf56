"""What is asked, added up: questions, plans, and sums by domain and sampling unit."""
