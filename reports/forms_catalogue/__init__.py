"""Statistical forms as effective-dated data: columns, rows, units and arithmetic, with their sources. Not code."""
