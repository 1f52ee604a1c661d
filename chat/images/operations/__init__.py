"""What can be done to a picture without a model: one class an operation, rows in the registry."""
