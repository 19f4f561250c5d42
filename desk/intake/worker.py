"""Reads one file in a process of its own: `python -m desk.intake.worker KIND < file`, and writes the reading as JSON.

The process has little memory and time, opens no file for writing, knows no setting of the site and no database. Whatever a file
makes it do ends with it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict

from base.text.limited_process import limit_resources
from desk.intake.reading import FileReading, plain_lines

MOST_WRITTEN = 20_000_000  # bytes of text out of a PDF


def read_pdf(content: bytes) -> FileReading:
    """Return the lines of a PDF as `pdftotext -raw` finds them, which runs nothing that is inside."""
    program = shutil.which("pdftotext")
    if program is None:
        return FileReading(fault="no_pdftotext")
    done = subprocess.run([program, "-raw", "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=False)
    if done.returncode:
        return FileReading(fault="locked" if b"password" in done.stderr.lower() else "broken_pdf")
    text = done.stdout[:MOST_WRITTEN].decode("utf-8", "replace")
    if not text.strip("\f\n\r\t "):
        return FileReading(fault="only_pictures")
    return FileReading(lines=plain_lines(text.replace("\f", "\n")), is_wrapped=True)


def read_plain(content: bytes) -> FileReading:
    """Return the lines of a plain text in any encoding."""
    from desk.intake.encodings import decode

    text, encoding = decode(content)
    return FileReading(lines=plain_lines(text.replace("\r\n", "\n").replace("\r", "\n")), encoding=encoding)


def read(kind: str, content: bytes) -> FileReading:
    """Return the reading of a file of a kind: plain, html, pdf or docx. Libraries are loaded where they are needed."""
    if kind == "plain":
        return read_plain(content)
    if kind == "pdf":
        return read_pdf(content)
    if kind == "html":
        from desk.intake.html_files import read_html

        return read_html(content)
    from desk.intake.docx_files import read_docx

    return read_docx(content)


if __name__ == "__main__":
    limit_resources()
    try:
        outcome = read(sys.argv[1], sys.stdin.buffer.read())
    except MemoryError:
        outcome = FileReading(fault="too_costly")
    except (ValueError, RecursionError, OSError):
        outcome = FileReading(fault="broken")
    sys.stdout.write(json.dumps(asdict(outcome)))
