"""An Easel over a data folder that outlives its deaths, and the model that it asks."""

from tests.postgresql import postgresql_url
from tests.process.conftest import _nothing_to_say, disk, easel, survivor, upstream

__all__ = ["_nothing_to_say", "disk", "easel", "postgresql_url", "survivor", "upstream"]
