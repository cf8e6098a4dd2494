"""How many pictures a listing may have; what a picture must be: foundation/photos.py."""

MOST_PHOTOS = 10  # contract, section 6
