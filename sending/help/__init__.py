"""Help inside the product: one page for each thing people do, a search, and the table of codes."""
