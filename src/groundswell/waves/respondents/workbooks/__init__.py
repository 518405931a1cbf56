"""Excel workbooks of respondents."""
