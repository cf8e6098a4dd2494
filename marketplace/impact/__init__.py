"""What closed deals have come to, as figures, and the thanks to those who want to be named."""
