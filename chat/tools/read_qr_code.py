"""What a QR code says."""

from chat.core.quoting import quoted
from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.tools.picture_edits import LOOKS
from chat.tools.schema import Needs, with_facts


@with_facts(title="Read QR code", **LOOKS)
async def read_qr_code(picture: Picture, editor: Needs[ImageEditing]) -> str:
    """Read the QR codes in a picture of the conversation. No address in them is opened.

    Args:
        picture: which.
        editor: looks at it.
    """
    codes = await editor.read_codes(picture.data)
    if not codes:
        return "No QR code can be read in this picture."
    told = "\n".join(f"{number}. {code}" for number, code in enumerate(codes, 1))
    return quoted("What the codes say", told)
