"""Imported first by what runs by itself: Django is set up, as the environment says."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
