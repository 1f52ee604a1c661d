"""What Sketch says of itself, and what it says when it is at a loss."""

import re

from chat.sketch.answering.honesty import NEW_IDEAS
from chat.sketch.reading.vocabulary import unknown_words

INTRODUCTION = (
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

CAPABILITIES = """I'm **Sketch, the built-in offline painter (not an AI model)**. \
I follow rules, I need no key and no network, and the same words give the same picture. I can

- **paint scenes**: *a red house under a starry sky*, *three birds above a stormy sea*
- **change them**: *now evening light*, *add a blue boat*, *remove the clouds*
- **go back**: *undo*, *go back to the first one*, *again* for another version, *start over*
- **edit your pictures**: *make the sofa green*, *greyscale and rotate 90 degrees*, \
*add the caption "Hello"*
- **put one picture into another**: attach two and say *put the first into the second*
- **illustrate**: *an illustrated recipe for pancakes in 4 steps*, *a story about a fox in 3 steps*
- **use tools** for sums, charts and the time, when the Tools switch under the message box is on

For anything beyond that, choose an AI model in the model menu."""


def small_talk(text: str) -> str:
    """An answer to a greeting, thanks or a question about Sketch; empty if it is none of these."""
    said = text[:300].lower().strip()
    if _HELP.search(said) and len(said) < 200:
        return CAPABILITIES
    if _GREETING.match(said):
        return (
            "Hello! Tell me what to paint, for example *a fox in a snowy forest at dawn*, "
            "or attach a picture and say what to change."
        )
    if _THANKS.match(said) or _NOD.match(said):
        return "My pleasure. Say what to change, or name the next picture."
    return ""


def unknown(text: str) -> str:
    """Nothing was understood: which words are not known, and three things to try."""
    words = ", ".join(f"“{word}”" for word in unknown_words(text)[:5])
    why = f" I do not know {words}." if words else ""
    return (
        "I did not understand that: I paint and edit by rules, and my vocabulary is small."
        f"{why} Three things to try:\n\n- *{NEW_IDEAS[0]}*\n- *{NEW_IDEAS[1]}*\n"
        "- attach a picture and say *make it warmer and add a border*\n"
    )
