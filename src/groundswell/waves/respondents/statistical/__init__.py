"""SPSS, Stata and SAS files of respondents."""
