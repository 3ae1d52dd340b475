"""One level a file; the order in which they are met is that of the pages."""
