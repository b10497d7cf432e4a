"""The officer's offline workbook and figures sheets: a report filled in with Excel, uploaded, looked at, applied."""
