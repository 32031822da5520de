"""The workbook as a file: layout, builder, names and lossless writing."""
