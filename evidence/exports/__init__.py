"""Files that leave the building."""
