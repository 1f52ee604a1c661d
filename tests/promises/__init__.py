"""What a host relies on, tried many times over: ``make promises`` runs all of it, at length."""
