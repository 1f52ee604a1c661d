"""How much one answer of a model may be: the numbers, each with its reason.

A server that is broken, or hostile, need not stop. Whatever passes one of these ends the reply;
what had come until then is kept, and the reply says why it ended. They are far above anything that
a model has been seen to send.
"""

MAX_WHOLE_BYTES = 200_000_000
"""Of an answer in one piece, unpacked. It is held in memory: ten pictures of 4K in base64."""

MAX_STREAM_BYTES = 400_000_000
"""Of a streamed answer, unpacked, of which one event at a time is held: the same with drafts."""

MAX_EVENT_BYTES = 90_000_000
"""Of one event of a stream: the largest picture that is taken, in base64, and words around it."""

MAX_READ_BYTES = 60_000_000
"""Of what is left of an event, or of an answer in one piece, once its large pictures are taken out.
It is read as JSON, in a thread and in slices, and held three times meanwhile."""

MAX_SDK_READ_BYTES = 10_000_000
"""The same where an SDK reads it, in one go on the event loop, in which nobody else gets a turn:
four times over, a tenth of a second each on a busy machine. Signatures have a tenth of it."""

MAX_MARKS = 100_000
"""Quotes, commas, and brackets of each kind, in one event or one whole answer. Base64 has none, and
words few; an answer that is made of them costs a hundred times its bytes to read as JSON."""

MAX_EVENTS = 500_000
"""Of one stream: 2 MB of words in pieces of a word. Small ones cost far more than their bytes."""

MAX_IDLE_BYTES = 1_000_000
"""Of what stands between two events of a stream: a keep-alive each second for eight hours."""

MAX_ERROR_BYTES = 1_000_000
"""Of an error's body; the rest is not read. Its first words are quoted."""

MAX_WORDS_BYTES = 2_000_000
"""Of the words of a reply, thoughts included, as UTF-8: four novels."""

MAX_ECHO_BYTES = 40_000_000
"""Of what a provider wants back with the reply: signatures, which may weigh as much as a picture
and are stored with the words."""

MAX_CALLS = 100
"""Of tools in one reply: eight rounds of eight are run, and whoever asks for more is told so."""

MAX_ARGUMENTS_BYTES = 500_000
"""Of the arguments of all calls that one answer makes; a tool takes a fifth of it."""

MAX_PICTURES = 60
"""In one reply, drafts included: ten with three drafts each, and as many again by tools."""

MAX_LINKS = 20
"""Pictures that one answer sends as links, each of which is opened: twice what can be asked for."""
