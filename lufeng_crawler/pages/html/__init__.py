"""A page parsed once, what its head states, what a CMS family is, and how findings are weighed."""
