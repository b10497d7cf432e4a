"""What people hand in and take away as tables: opened safely, read as rows, handed back with the errors marked."""
