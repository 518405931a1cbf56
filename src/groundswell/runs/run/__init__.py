"""One report or many: run, drawn as a page, published whole or not at all."""
