"""What tools learn of the web: pages, and who has pages on something."""
