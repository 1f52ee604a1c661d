"""Files of a conversation, read: documents as text with numbered pages, tables as rows for SQL."""
