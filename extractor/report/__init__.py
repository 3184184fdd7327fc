"""The tables of a run as one HTML file that needs nothing else."""

from extractor.report.page import ReportSummary, write_report

__all__ = ["ReportSummary", "write_report"]
