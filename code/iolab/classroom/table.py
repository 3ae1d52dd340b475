"""Who is there, as text for a terminal and as a page."""

import html

from iolab.classroom.roster import CHAT, ECHO
from iolab.launch.columns import columns

HEADS = ("姓名", "在哪里", "地址", "来了", "发来", "太快丢掉")
STYLE = ("body{font:1rem sans-serif;margin:1.5rem;color-scheme:light dark}td,th{padding:.1rem 1rem;text-align:left}"
         "h1{font-size:3rem;margin:0 0 1rem}code{white-space:pre-wrap}")


def rows(roster):
    """[(str, ...), ...] under HEADS, by place and name."""
    now = roster.clock()
    return [(guest.name, guest.place, guest.host, duration(now - guest.since), size(guest.got),
             str(guest.dropped or ""))
            for guest in sorted(roster.guests, key=lambda guest: (guest.place, guest.name))]


def summary(roster):
    there = [guest.place for guest in roster.guests]
    return (f"聊天室 {there.count(CHAT)} 人，回声 {there.count(ECHO)} 个连接，"
            f"没让进来 {roster.refused.total()} 次")


def text(roster):
    return "\n".join([summary(roster), *columns([HEADS, *rows(roster)])])


def page(roster, told):
    """The table as HTML that renews itself; told: lines above it (str), the first for the last bench."""
    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    first, *more = map(html.escape, told)
    above = f"<h1>{first}</h1>" + "".join(f"<p><code>{line}</code></p>" for line in more)
    return (f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
            f"<title>课堂</title><style>{STYLE}</style>{above}<p>{html.escape(summary(roster))}</p>"
            f"<table>{row(HEADS, 'th')}{''.join(row(one, 'td') for one in rows(roster))}</table></html>")


def duration(seconds):
    return f"{seconds:.0f} 秒" if seconds < 60 else f"{seconds / 60:.0f} 分钟"


def size(count):
    return f"{count} B" if count < 10_000 else f"{count / 1024:.0f} KiB"
