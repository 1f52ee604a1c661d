"""The way out over HTTP: proxies and certificates, and the guard on links of strangers."""
