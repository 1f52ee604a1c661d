"""What comes: words, pictures in any form, calls, and how a reply ends."""
