"""Tables to something to look at: figures, CSV files, a page, an executed notebook."""
