"""HTML: templates that escape, tables, CSV files, and the one palette of pages and figures."""
