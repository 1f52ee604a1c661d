"""Keys of providers that people typed in: kept by the system's keyring, or encrypted in a file."""
