"""A printed PDF finished: words that are found as they are typed, what the file says of itself, and a small size."""

import re
import unicodedata

import pikepdf

from iolab.export.about import CC_BY

MAPPED = re.compile(rb"(<[0-9A-Fa-f]+>\s*(?:<[0-9A-Fa-f]+>\s*)?)<([0-9A-Fa-f]+)>(?=\s*[\r\n])")
# Radicals, and the characters with which they share a glyph in Chinese fonts: from Unicode's
# EquivalentUnifiedIdeograph.txt. For the other radicals the standard's compatibility mapping says which.
RADICALS = ("⺂⺃⺅⺉⺋⺏⺐⺒⺓⺔⺖⺘⺙⺛⺞⺟⺠⺡⺣⺤⺦⺨⺭⺯⺰⺱⺳⺹⺺⺾⻂⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻖⻘"
            "⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻱⻲⻳⼾")
USUAL = ("乛乚亻刂㔾尣尢巳幺彑忄扌攵旡歺母民氵灬爫丬犭礻糹纟罓㓁耂肀艹衤见角讠贝车辶钅長镸长门阝青"
         "韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙龜亀龟户")
TYPED = dict(zip(RADICALS, USUAL, strict=True))
COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")  # radicals, and characters that only other codes know


def finish(printed, path, about, headings):
    """Write the PDF ``printed`` as ``path``: with title, author, rights, language and date, and with plain words.

    headings: the words of all headings, which the outline is to show.
    """
    with pikepdf.open(printed) as pdf:
        for font in pdf.objects:
            if isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font:
                name_plainly(font.ToUnicode)
        if "/Outlines" in pdf.Root:
            say_once(pdf.Root.Outlines, headings)
        describe(pdf, about)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True,
                 deterministic_id=True)


def say_once(entry, headings):
    """Mend the titles below an entry of the outline: Chromium says a heading twice that begins a sheet."""
    below = entry.get("/First")
    while below is not None:
        title = str(below.Title)
        half = title[:len(title) // 2]
        if title == half * 2 and title not in headings:
            below.Title = half
        say_once(below, headings)
        below = below.get("/Next")


def describe(pdf, about):
    moment = f"D:{about.date:%Y%m%d%H%M%S}Z"
    del pdf.docinfo
    for key, value in {"/Title": about.title, "/Author": about.author, "/Subject": about.rights,
                       "/Keywords": f"{CC_BY}; MIT", "/Creator": f"{about.title} {about.version}",
                       "/CreationDate": moment, "/ModDate": moment}.items():
        pdf.docinfo[key] = value
    pdf.Root.Lang = about.language
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
        said.update({"dc:title": about.title, "dc:creator": [about.author], "dc:language": {about.language},
                     "dc:rights": about.rights, "dc:identifier": about.identifier,
                     "xmp:CreateDate": about.date.isoformat(), "xmp:ModifyDate": about.date.isoformat(),
                     "xmpRights:Marked": "True", "xmpRights:WebStatement": CC_BY})


def name_plainly(stream):
    """Let a font's table of characters name words by the characters that people type.

    A glyph that a font uses twice, as 一 and as the radical ⼀, is named by the last: nobody could find the word.
    """
    text = stream.read_bytes()
    plain = MAPPED.sub(lambda found: found[1] + b"<" + typed(found[2]) + b">", text)
    if plain != text:
        stream.write(plain)


def typed(digits):
    """The code units of a text, in hexadecimal, with each character that is only for compatibility as the usual one."""
    text = bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
    usual = COMPATIBLE.sub(lambda found: TYPED.get(found[0]) or unicodedata.normalize("NFKC", found[0]), text)
    return digits if usual == text else usual.encode("utf-16-be").hex().upper().encode()


def pages_of_places(path):
    """Return {name: number of its sheet, from 1} of all places that links in a PDF lead to."""
    with pikepdf.open(path) as pdf:
        sheets = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        places = dict(pdf.Root.get("/Dests", {}))
        if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
            places.update(pikepdf.NameTree(pdf.Root.Names.Dests))
        return {name.lstrip("/"): sheets[target(found)[0].objgen] for name, found in places.items()}


def target(found):
    return found.D if isinstance(found, pikepdf.Dictionary) else found
