"""What a consultation asks and what counts as an answer. Pure Python."""
