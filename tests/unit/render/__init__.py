"""What a reader sees of a text, and what an attacker does not get."""
