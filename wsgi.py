"""The WSGI application, for any WSGI server: `gunicorn wsgi:app`."""

from config import load_settings
from marketplace.app import create_app

app = create_app(load_settings())
