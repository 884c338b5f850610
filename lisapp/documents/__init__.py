"""Documents: one model of blocks, written as HTML, Word and tagged PDF. Each app builds its own documents from it."""
