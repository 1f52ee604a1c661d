"""Values and sockets: standard library only. Knows nothing of the web, SQL, Pillow or any SDK."""
