"""Google's Imagen through google-genai: pictures from words alone, on Google Cloud."""
