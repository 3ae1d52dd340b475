"""A printed PDF finished: words that are found as they are typed, and what the file says of itself."""

import re
import unicodedata

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from iolab.export.about import CC_BY

DESTINATION = re.compile(rb"(<[0-9A-Fa-f]+>\s+(?:<[0-9A-Fa-f]+>\s+)?)<([0-9A-Fa-f]+)>(?=\s*[\r\n])")
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:date><rdf:Seq><rdf:li>{date:%Y-%m-%d}</rdf:li></rdf:Seq></dc:date>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>
<dc:identifier>{identifier}</dc:identifier>
<xmpRights:Marked>True</xmpRights:Marked><xmpRights:WebStatement>{licence}</xmpRights:WebStatement>
<cc:license rdf:resource="{licence}"/>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def finish(printed, path, about):
    """Write the PDF ``printed`` as ``path``: with title, author, rights, language and date, and with plain words."""
    writer = PdfWriter(clone_from=PdfReader(printed))
    for found in writer._objects:
        if isinstance(found, DictionaryObject) and "/ToUnicode" in found:
            name_plainly(found["/ToUnicode"].get_object())
    moment = f"D:{about.date:%Y%m%d%H%M%S}Z"
    writer.metadata = {"/Title": about.title, "/Author": about.author, "/Subject": about.rights,
                       "/Keywords": f"{CC_BY}; MIT", "/Creator": f"{about.title} {about.version}",
                       "/CreationDate": moment, "/ModDate": moment}
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(about.language)
    root[NameObject("/Metadata")] = writer._add_object(xmp(about))
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): true()})
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    writer.write(path)


def true():
    from pypdf.generic import BooleanObject

    return BooleanObject(True)


def xmp(about):
    """The same facts as XML, with the licence as the address that machines look for."""
    said = {key: escape(getattr(about, key)) for key in ("title", "author", "language", "rights", "identifier")}
    stream = DecodedStreamObject()
    stream.set_data(XMP.format(**said, date=about.date, licence=CC_BY).encode())
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    return stream


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def name_plainly(stream):
    """Let a font's table of characters name words by the characters that people type.

    A glyph that a font uses twice, as 一 and as the radical ⼀, is named by the last: nobody could find the word.
    """
    assert isinstance(stream, StreamObject)
    text = stream.get_data()
    plain = DESTINATION.sub(lambda found: found[1] + b"<" + typed(found[2]) + b">", text)
    if plain != text:
        stream.set_data(plain)


def typed(digits):
    """The code units of a text, in hexadecimal, with characters for compatibility as the ones that they stand for."""
    text = bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
    radical = any("\u2e80" <= one <= "\u2fdf" for one in text)
    return unicodedata.normalize("NFKC", text).encode("utf-16-be").hex().upper().encode() if radical else digits
