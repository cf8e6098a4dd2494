"""The pages of accounts; views.py imports the files that hold them."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
