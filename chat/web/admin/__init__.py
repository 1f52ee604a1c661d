"""What whoever looks after an Easel sees and does: plain pages that work without a script.

Administrators see all of it, managers people and what they use. Where nobody is told apart, the one
user is the host, unless others reach this Easel too: then nobody is. What one may not see is not
there.
"""
