"""Screens of the reports room: desk, report, entry, board, consolidation, summary."""
