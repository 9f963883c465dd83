"""Tables to contrasts: group means and differences, each with interval, effect size and number of articles."""
