"""Workbooks written row by row: the frame by openpyxl, the rows as text straight into the zip."""
