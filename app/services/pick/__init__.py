"""Walking with a cart: totes into slots, shelf, item, tote; too few; the end of the walk."""
