"""What speaks against a wave's file: one look at it, and checks that are functions of what was seen."""
