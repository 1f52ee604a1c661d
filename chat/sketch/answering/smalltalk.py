"""What Sketch says of itself, and what it says when it is at a loss."""

import re

from chat.core.languages import later, say
from chat.sketch.answering.honesty import listed, new_ideas
from chat.sketch.reading.vocabulary import unknown_words
from chat.sketch.tongues.naming import quoted

INTRODUCTION = later(
    "I'm **Sketch**, the built-in offline painter (not an AI model): I work from rules, "
    "without a network."
)

_GREETING = re.compile(
    r"^\W*(hi|hello|hey|hallo|good (morning|evening|afternoon)|greetings|howdy)\b[\w\s,!.]{0,24}$"
)
_THANKS = re.compile(
    r"^\W*(thanks|thank you|thx|cheers|great|nice|lovely|wonderful|perfect)\b.{0,40}$"
)
_NOD = re.compile(r"^\W*(ok|okay|yes|yep|yeah|sure|cool|fine|no|nope|good)\W*$")
_HELP = re.compile(
    r"\bhelp\b|what (can|do|could) you|how do (i|you)\b|who are you|what are you|are you (an? )?"
    r"(ai|model|real|human)|your (capabilities|limits|skills)|^\W*(capabilities|commands|\?+)\W*$"
)

_DESPAIR = re.compile(
    r"\b(?:kill|hurt|harm|cut|hang|shoot) my ?self\b|\bsuicid(?:e|al)\b|\bend (?:my life|it all)\b|"
    r"\b(?:want|wish|going|wanna) (?:to )?(?:die|be dead|i (?:was|were) dead)\b"
)
_RUDE = re.compile(
    r"\b(?:kill|hang|shoot|hurt|burn|delete) (?:your ?self|u ?r ?self)\b|\bkys\b|\bdrop dead\b|"
    r"\bgo (?:to hell|away|die)\b|^\W*die\W*$|\b(?:shut up|stfu|screw you|get lost)\b|"
    r"\b(?:fuck\w*|shit\w*|crap|bitch|asshole|bastard|stupid|dumb|idiot|moron|sucks?|useless|"
    r"trash|garbage|hate|wtf)\b"
)
HARD_TIMES = later(
    "I am sorry that it is so hard. I am only a painting program and no help with that, but people "
    "are: please call the emergency number or a crisis line where you live, or tell somebody near "
    "you now."
)
NO_OFFENCE = later(
    "I am a small program and take no offence. If a picture went wrong, say *undo*, or say what to "
    "change in plain words. Three things to try:"
)

CAPABILITIES = (
    later("I'm **Sketch, the built-in offline painter (not an AI model)**. I follow rules, I "
          "need no "
          "key and no network, and the same words give the same picture. I can"),
    "",
    later("- **paint scenes**: *a red house under a starry sky*, *three birds above a stormy sea*"),
    later('- **paint shapes and cards**: *three pink hearts*, *a birthday card that says "Happy '
          'birthday, Anna"*'),
    later("- **change them**: *now evening light*, *add a blue boat*, *remove the clouds*"),
    later("- **go back**: *undo*, *go back to the first one*, *again* for another version, *start "
          "over*"),
    later('- **edit your pictures**: *make the sofa green*, *greyscale and rotate 90 degrees*, '
          '*add '
          'the caption "Hello"*'),
    later("- **put one picture into another**: attach two and say *put the first into the second*"),
    later("- **illustrate**: *an illustrated recipe for pancakes in 4 steps*, *a story about a "
          "fox in "
          "3 steps*"),
    later("- **use tools** for sums, charts and the time, when the Tools switch under the message "
          "box is on"),
    "",
    later("For anything beyond that, choose an AI model in the model menu."),
)  # fmt: skip
"""What Sketch can do, line by line."""


def _capabilities() -> str:
    return "\n".join(say(line) if line else "" for line in CAPABILITIES)


def small_talk(text: str) -> str:
    """An answer to a greeting, thanks or a question about Sketch; empty if it is none of these."""
    said = text[:300].lower().strip()
    if _HELP.search(said) and len(said) < 200:
        return _capabilities()
    if _GREETING.match(said):
        return say(
            "Hello! Tell me what to paint, for example *a fox in a snowy forest at dawn*, "
            "or attach a picture and say what to change."
        )
    if _THANKS.match(said) or _NOD.match(said):
        return say("My pleasure. Say what to change, or name the next picture.")
    return ""


def temper(text: str) -> str:
    """An answer to despair; empty where there is none."""
    return say(HARD_TIMES) if _DESPAIR.search(" ".join(text[:600].lower().split())) else ""


def is_rude(text: str) -> bool:
    """Whether the words are nothing but temper, if they ask for nothing."""
    return bool(_RUDE.search(" ".join(text[:600].lower().split())))


def unknown(text: str) -> str:
    """Nothing was understood: which words are not known, and three things to try."""
    words = ", ".join(quoted(word) for word in unknown_words(text)[:5])
    told = [say("I did not understand that: I paint by rules, and know a few dozen things.")]
    told += [say("I do not know {words}.", words=words)] if words else []
    told += [say("These I can paint:")]
    return f"{' '.join(told)}\n\n{listed(new_ideas(text))}"
