"""Word lists and codebooks as data files, each with its origin, and their loaders."""
