"""Scans for the demo's documents: one page that says it is invented."""

from __future__ import annotations


def scan(title: str) -> bytes:
    """A one-page PDF with a line of Latin text (the standard fonts of PDF know no 汉字)."""
    lines = (title, "DEMO DOCUMENT - every name, number and amount is invented")
    text = " ".join(f"1 0 0 1 72 {760 - 28 * at} Tm ({line}) Tj" for at, line in enumerate(lines))
    stream = f"BT /F1 16 Tf {text} ET"
    font = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {font} >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    )
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")
