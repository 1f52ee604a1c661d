"""Words for what is not painted as it is: another kind is, and the reply says which.

A word of ``lexicon`` means what is painted. One of these does not, however near it is.
"""

import re
from functools import cache

_IN_PLACE: dict[str, str] = {
    "bird": "gull seagull swallow eagle crow raven goose stork parrot hawk falcon pigeon dove bat",
    "songbird": "owl chicken hen rooster penguin robin sparrow chick",
    "butterfly": "moth dragonfly bee",
    "balloon": "airship zeppelin",
    "house": "hotel school shop mansion",
    "castle": "temple",
    "tree": "birch willow",
    "pine": "christmastree",
    "flower": "sunflower poppy rose dahlia lily orchid daffodil",
    "car": "taxi cab convertible limousine beetle racingcar sportscar",
    "truck": "van fireengine ambulance tractor",
    "train": "tram metro",
    "bicycle": "motorbike motorcycle scooter",
    "boat": "canoe kayak raft gondola",
    "ship": "submarine",
    "duck": "swan",
    "whale": "dolphin orca",
    "fish": "shark tuna salmon",
    "cat": "tiger lion panther leopard",
    "dog": "puma hyena",
    "fox": "wolf coyote",
    "horse": "donkey zebra mule",
    "cow": "bull ox buffalo",
    "sheep": "goat",
    "rabbit": "hamster",
    "person": "child kid baby farmer fisherman sailor pirate gardener baker astronaut chef doctor "
    "teacher soldier dancer singer clown",
    "man": "wizard king prince knight father grandfather grandpa dad uncle santa cowboy",
    "woman": "queen princess witch mermaid fairy mother grandmother grandma mum mom aunt bride",
    "lemon": "lime citron",
    "strawberry": "berry raspberry",
    "bread": "baguette toast",
    "chair": "stool armchair bench",
    "lamp": "lantern streetlamp",
    "table": "desk",
    "plant": "fern",
    "sea": "harbour harbor fjord port",
    "beach": "island",
    "mountains": "volcano glacier",
    "forest": "jungle rainforest",
    "meadow": "garden park village farmland",
    "room": "bedroom kitchen study bathroom office",
}
STAND_INS: dict[str, str] = {
    word: kind for kind, words in _IN_PLACE.items() for word in words.split()
}
_WRITTEN = {
    "christmastree": "Christmas tree",
    "fireengine": "fire engine",
    "racingcar": "racing car",
    "sportscar": "sports car",
    "streetlamp": "street lamp",
}


@cache
def written(word: str) -> str:
    """The word as people write it."""
    return _WRITTEN.get(word, word)


def with_article(noun: str) -> str:
    """A noun with its article, by its first letter."""
    return f"{'an' if re.match('[aeiou]', noun.lower()) else 'a'} {noun}"
