"""Processes apart, without keys and with bounds: where the files of strangers are opened."""
