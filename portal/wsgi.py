"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_SERVES_WEB"] = "1"  # portal/databases.py: through the pooler, and from the standby
application = get_wsgi_application()
