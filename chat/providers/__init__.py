"""SDKs live here. A provider translates; it knows no other provider."""
