#!/bin/sh
# python-docx 1.2.0, Paragraph.text and Document.paragraphs.
#
# One would guess that the text of a paragraph is what Word shows: with changes tracked, what was
# inserted is there and what was deleted is not; and that a paragraph in a content control is one
# of the document's.
# Seen: the inserted words are left out of Paragraph.text, and a paragraph inside of a control
# (w:sdt) is in none of Document.paragraphs. Reading every w:t below the body that is in no w:del
# tells what Word shows.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check python-docx==1.2.0
"$place/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

document = Document()
words = document.add_paragraph("Pay 100 euros")
inserted = f'<w:ins {nsdecls("w")} w:id="1" w:author="A"><w:r><w:t> by Friday</w:t></w:r></w:ins>'
words._p.append(parse_xml(inserted))
control = f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>'
document.element.body.insert(1, parse_xml(control))
told = [paragraph.text for paragraph in document.paragraphs]
print("python-docx", version("python-docx"))
print("told:", told)
if told != ["Pay 100 euros"]:
    raise SystemExit("changed: inserted words or controls are read now")
PYTHON
