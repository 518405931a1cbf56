"""Floor 4: what a reader sees. Findings, figures, tables, the page and the archive."""

from groundswell.reports.report import Report, open_report

__all__ = ["Report", "open_report"]
