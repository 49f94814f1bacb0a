"""How everything looks: tokens, palette, layouts, components; page, mail and PDF rendering."""
