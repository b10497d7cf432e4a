"""Signing in: the pages, the gate before every page, and how allauth's engine is fitted to the portal."""
