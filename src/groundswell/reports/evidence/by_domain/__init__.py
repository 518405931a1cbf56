"""Domains on a page: in which order and by which names, and what is known of them through time."""
