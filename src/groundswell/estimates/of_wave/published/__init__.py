"""What reports have published of a wave before, and what it gives away together with today's figures."""
