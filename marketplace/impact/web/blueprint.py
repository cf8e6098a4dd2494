"""The pages of effects and thanks; views.py imports the files that hold them."""

from flask import Blueprint

blueprint = Blueprint("impact", __name__)
