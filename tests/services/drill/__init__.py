"""An app that exists only for drills: a task that real workers do while the tests kill them."""
