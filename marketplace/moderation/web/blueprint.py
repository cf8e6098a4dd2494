"""The pages of the staff's queue and of reports; views.py imports the files that hold them."""

from flask import Blueprint

blueprint = Blueprint("moderation", __name__)
