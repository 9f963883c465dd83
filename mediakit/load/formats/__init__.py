"""One module per input format; each ends with the `READER` that `mediakit.load.registry` lists."""
