"""The catalogue of endpoints and models: rows of TOML become values."""

from chat.models.catalogue import Catalogue, Resolved, Shelf
from chat.models.current import Catalogues, CurrentCatalogue
from chat.models.reading import read_catalogue

__all__ = ["Catalogue", "Catalogues", "CurrentCatalogue", "Resolved", "Shelf", "read_catalogue"]
