"""The pages of listings; views.py imports the files that hold them."""

from flask import Blueprint

blueprint = Blueprint("listings", __name__)
