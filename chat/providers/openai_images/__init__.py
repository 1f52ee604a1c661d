"""Pictures by images.generate and images.edit: OpenAI, Azure, and what a proxy fronts."""
