"""What is known about claims to gifts and about who may receive them."""
