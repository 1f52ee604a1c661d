"""How much a file may ask of this machine, and how much of it a model is told at once."""

MAX_FILE_BYTES = 20_000_000
"""Of one file, as it is stored."""

MAX_CELLS = 4_000_000
"""Of one table that is held in memory."""

MAX_COLUMNS = 1_000
"""Of a table that is queried; databases take hardly more."""

TOLD_BYTES = 90_000
"""Of text that is told at once, as UTF-8; marks and remarks come on top."""

CELL_CHARS = 1_000
"""Of one cell as it is told."""

TOLD_COLUMNS = 60
"""Of a table as it is told: more are named, and read by SQL."""

OTHERS_CHARS = 2_000
"""Of the names of what is not shown."""

LINE_CHARS = 2_000
"""A longer line of a text is told as several: a file may be one line."""

MAX_PICTURES = 4
"""Pages that are shown as pictures at once."""

PICTURE_SIDE_PX = 1_600
"""Of the longer side of such a picture: small print can be read."""

MAX_PICTURE_BYTES = 1_500_000

ADDRESS_SPACE_BYTES = 2_500_000_000
CPU_S = 30.0
"""Of the process that reads; its signal ends it, whatever a parser is at."""

READ_CPU_S = 12.0
"""After which reading page by page stops by itself, and says where to go on."""

PATIENCE_S = 60.0
"""Of the clock on the wall."""

MAX_ANSWER_BYTES = 40_000_000

QUERY_MEMORY = "900MB"
"""Of tables and of what a query makes of them; the disk takes nothing."""

TOO_MUCH_MEMORY = "The query takes more memory than there is for it. Ask for less at once."

QUERY_THREADS = 2

TOLD_ROWS = 200
TOLD_RESULT_BYTES = 40_000
"""Of a result that a model is told, as UTF-8; the rest is a file."""

MAX_RESULT_ROWS = 100_000
MAX_RESULT_BYTES = 15_000_000
"""Of a result that is a file."""

MAX_QUERIED_FILES = 12
MAX_QUERIED_BYTES = 60_000_000
"""Of the files of one query."""
