"""The door for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# The house itself is three hundred thousand objects that stay: to look among them for garbage would hold up a request,
# now and then, for a fifth of a second. The addresses are read first, and with them every screen.
addresses = get_resolver().url_patterns
gc.collect()
gc.freeze()
