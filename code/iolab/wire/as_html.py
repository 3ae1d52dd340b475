"""A conversation's log, state and still as HTML: data in, escaped text out."""

from html import escape

from iolab.wire.log import EVENT, PRINTED, RECEIVED, SENT
from iolab.wire.transcript import quote

SHOWN, WIDTH, HEX_WIDTH = 250, 200, 64  # rows, characters, bytes
NAMES = {SENT: "发送", RECEIVED: "收到", EVENT: "事件", PRINTED: "服务器"}
LIVE = ("这是一次真实交互的记录。执行 <code>make read</code> 或 <code>make lab</code>，打开这一页，运行这个单元格，"
        "就能亲手连接、发送。")

# Stored in the pages and compared there: a change means `make refresh`. The last rule hides what JupyterLab says of a
# widget whose kernel has ended.
STILL_STYLE = """<style>
.iolab-still { overflow-x: auto; }
.iolab-still table { border-collapse: collapse; width: 100%; margin: 0.5em 0; }
.iolab-still :is(th, td) { padding: 0.1em 0.6em; text-align: start; vertical-align: top; }
.iolab-still :is(td + td, th + th):not(:last-child) { text-align: end; }
.iolab-still :is(th, td):not(:last-child) { white-space: nowrap; }
.iolab-still td code { overflow-wrap: anywhere; white-space: pre-wrap; }
.jp-OutputArea:has(.iolab-still) .jp-OutputArea-output.jupyter-widgets:not(:has(*)) { display: none; }
</style>"""

STYLE = """<style>
.iolab-sender table { border-collapse: collapse; width: 100%; margin: 0; font-size: 0.9em; line-height: 1.45;
  display: table; color: inherit; background: none; }
.iolab-sender :is(th, td) { padding: 0.1em 0.6em; text-align: left; vertical-align: top; border: 0;
  border-bottom: 1px solid rgba(128, 128, 128, 0.3); background: none; }
.iolab-sender :is(th, td):is(.n) { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.iolab-sender th { font-weight: 600; }
.iolab-sender :is(th, td.way) { white-space: nowrap; }
.iolab-sender code { background: none; border: 0; padding: 0; color: inherit; font-family: ui-monospace, monospace;
  overflow-wrap: anywhere; white-space: pre-wrap; }
.iolab-sender td.hex { max-width: 16em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; opacity: 0.75; }
.iolab-sender td.text { min-width: 8em; }
.iolab-sender tr.trouble td { color: light-dark(#a12622, #f2a19c); }
[data-jp-theme-light="false"] .iolab-sender tr.trouble td, [data-theme="dark"] .iolab-sender tr.trouble td
  { color: #f2a19c; }
[data-jp-theme-light="true"] .iolab-sender tr.trouble td, [data-theme="light"] .iolab-sender tr.trouble td
  { color: #a12622; }
.iolab-sender { overflow-x: auto; }
.iolab-sender p { margin: 0.3em 0; }
.jp-OutputArea:has(.iolab-sender-box) .jp-OutputArea-child:has(.iolab-still) { display: none; }
</style>"""


def log_table(entries, dropped, dropped_bytes, shown=SHOWN):
    """The newest `shown` of `entries` as a table, above it how many are not shown and not kept."""
    newest = entries[-shown:]
    printed = any(entry.direction == PRINTED for entry in newest)
    rows = "".join(log_row(entry, printed) for entry in newest)
    notes = left_out(len(entries) - len(newest), dropped, dropped_bytes)
    above = f"<p>{notes}</p>" if notes else ""
    return f"{STYLE}<div class='iolab-sender'>{above}<table>{log_head(printed)}{rows}</table></div>"


def log_head(printed):
    """The table's head; `printed`: with a column for what the server prints."""
    heads = ["<th class='n'>秒</th><th>方向</th><th class='n'>字节</th><th>内容</th><th>十六进制</th>"
             "<th class='n'>往返毫秒</th>", "<th>服务器打印</th>" if printed else ""]
    return f"<tr>{''.join(heads)}</tr>"


def left_out(hidden, dropped, dropped_bytes):
    """The sentences about lines that are not shown, and those not kept; "" when there are none."""
    notes = [f"更早的 {hidden} 行没有显示。"] if hidden else []
    notes += [f"最早的 {dropped} 行（{dropped_bytes} 字节）已不再保留。"] if dropped else []
    return "".join(notes)


def log_row(entry, printed):
    """One entry as a row below log_head(printed)."""
    trip = "" if entry.round_trip_ms is None else f"{entry.round_trip_ms:.2f}"
    is_note, server = entry.direction in (EVENT, PRINTED), entry.direction == PRINTED
    shown = "" if server else escape(entry.note) if is_note else f"<code>{escape(quote(entry.data, WIDTH))}</code>"
    hexed = "" if is_note else escape(entry.data[:HEX_WIDTH].hex(" "))
    line = f"<td><code>{escape(entry.note) if server else ''}</code></td>" if printed else ""
    size, way = "" if is_note else entry.size, "" if server else _direction(entry.direction)
    kind = " class='trouble'" if is_trouble(entry) else ""
    return (f"<tr{kind}><td class='n'>{entry.seconds:.4f}</td><td class='way'>{way}</td>"
            f"<td class='n'>{size}</td><td class='text'>{shown}</td><td class='hex'>{hexed}</td>"
            f"<td class='n'>{trip}</td>{line}</tr>")


def is_trouble(entry):
    """Whether an event is an error: its note begins with the error's name."""
    head = entry.note.partition("：")[0]
    return entry.direction == EVENT and ("Error" in head or head == "gaierror")


def _direction(sign):
    return f"{escape(sign)} {NAMES[sign]}"


def status(conversation):
    """The kernel's word about the connection, and how much has crossed it, in one line."""
    here, there = conversation.kernel()
    udp = conversation.protocol == "udp"
    parts = [f"<b>{conversation.protocol.upper()} {escape(conversation.where)}</b>"]
    parts += ["没有连接状态"] if udp else []
    for name, end in (("本端", here), ("服务器端", there)):
        state = "" if udp else f" <b>{conversation.state_of(end)}</b>"
        if end:
            parts.append(f"{name}{state}（待确认 {end.tx_queue}，待读 {end.rx_queue} 字节）")
        elif name == "本端" and not udp:
            parts.append(f"{name}{state}")
    parts.append(f"共发 {conversation.log.sent}，共收 {conversation.log.received} 字节")
    far = "<b>⚠ 已允许连接其他主机</b> · " if conversation.allow_remote else ""
    return f"<span style='line-height: 1.5'>{far}{' · '.join(parts)}</span>"


def still(conversation):
    """The exchange so far as a page without kernel shows it: the same on every run, neither times nor ports."""
    lines = "".join(
        f"<tr><td>{_direction(row.direction)}</td><td>{'' if row.direction == EVENT else len(row.data)}</td>"
        f"<td>{_still_text(row, conversation)}</td></tr>\n" for row in conversation.rows())
    empty = "" if lines else "<tr><td colspan='3'>还没有交互。</td></tr>\n"
    return (f"{STILL_STYLE}\n<div class='iolab-still'><p><b>消息发送器</b>：{conversation.protocol.upper()} "
            f"{escape(conversation.without_ports(conversation.where))}</p>\n"
            f"<table><tr><th>方向</th><th>字节</th><th>内容</th></tr>\n{lines}{empty}</table>\n<p>{LIVE}</p></div>")


def _still_text(row, conversation):
    if row.direction == EVENT:
        return escape(conversation.without_ports(row.note))
    calls = f"（{row.calls} 次 send）" if row.direction == SENT and row.calls > 1 else ""
    return f"<code>{escape(row.shown)}</code>{calls}"
