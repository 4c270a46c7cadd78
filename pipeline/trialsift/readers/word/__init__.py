"""Files of Word (.docx): equations are written as text, then mammoth makes HTML, which is read like a page."""
