"""What comes in as a file and where it lies: one rule for how many and how big, one look inside, one way to storage."""
