"""How sure the page is: checks and doubts, what would overturn its findings, and what became known as true."""
