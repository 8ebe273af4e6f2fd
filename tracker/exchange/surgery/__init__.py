"""Cutting into a workbook's own parts: what is not changed stays byte for byte as it came."""
