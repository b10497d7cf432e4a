"""Import of a year's activities, a hundred thousand rows: read and checked as one long work, written as another."""
