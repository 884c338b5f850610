"""Reading figures from files: the compiler of the reference data and the reader of its format."""
