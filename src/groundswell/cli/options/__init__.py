"""Options that several commands have, and the words of errors about them."""
