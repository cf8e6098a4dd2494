"""What is known about effects, about who wants to be named, and about factors of emissions."""
