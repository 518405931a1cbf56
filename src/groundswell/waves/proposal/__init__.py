"""What a new survey or a new wave begins with: files in which every guess is marked as one."""
