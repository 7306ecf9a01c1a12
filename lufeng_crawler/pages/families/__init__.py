"""One module for each CMS family, and the registry that recognises them."""
