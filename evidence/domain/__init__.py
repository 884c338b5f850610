"""Pure Python: no Django here, so that it can be tested and reused without a database."""
