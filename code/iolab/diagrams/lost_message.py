"""丢了一条消息：what two members of the chat room hear of the same three sentences, and how one knows what it missed.

UDP may lose a datagram and bring it twice, and nobody is told. Each member has its own numbers: a gap, or a number in
an answer that is higher than the last one heard, is what was lost; a number that is not higher is a repetition.
Sources: udp(7), "not guaranteed"; code/day6/chat_common.py and chat_client.py, whose words these are. Left out: that
answers and requests may be lost as well (they are repeated until there is an answer).
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

SENTENCES = "早", "吃了吗", "走吧"
CODE = Code("""
def notice(self, number, text):
    if number > self.seen:
        self.sent_up_to(number - 1)
        self.seen = number
        self.screen.show(text)

def sent_up_to(self, number):
    if number > self.seen:
        self.screen.show(f"（丢失了 {number - self.seen} 条消息）")
        self.seen = number
""", ("day6/chat_client.py",))
ROWS = len(SENTENCES) + 1


def press(state, button):
    """state: (how many sentences were said, up to which one member B has seen, the lines on its screen)."""
    sent, seen, screen = state
    if button in ("arrives", "lost"):
        if sent == len(SENTENCES):
            return "甲的三句都说完了。"
        if button == "lost":
            said = f"甲说第 {sent + 1} 句。给乙的那个数据报在路上丢了，谁也不知道。"
            return Went((sent + 1, seen, screen), said, ("a", "c"))
        return _heard(sent + 1, seen, screen)
    if button == "twice":
        if seen == 0 or seen != sent:
            return "乙没有收到最后一句，没有什么可重复的。"
        return Went(state, f"MSG {sent} 又到了一次：{sent} 不比 {seen} 大，是重复的，乙不显示。", ("b",))
    if sent == seen:
        return f"BEAT 的回答说发到第 {sent} 条了，乙也看到第 {seen} 条：没有丢。"
    lines = (*screen, lost(sent - seen))
    said = f"心跳的回答说发到第 {sent} 条了，乙才看到第 {seen} 条：原来丢了 {sent - seen} 条。"
    return Went((sent, sent, lines), said, ("b",))


def _heard(number, seen, screen):
    line = f"甲：{SENTENCES[number - 1]}"
    if number == seen + 1:
        return Went((number, number, (*screen, line)), f"甲说第 {number} 句，乙和丙都听到。", ("a", "b", "c"))
    gap = number - 1 - seen
    said = f"甲说第 {number} 句。乙上一条是第 {seen} 条，缺了 {gap} 条：现在才知道丢了。"
    return Went((number, number, (*screen, lost(gap), line)), said, ("a", "b", "c"))


def lost(count):
    return f"（丢失了 {count} 条消息）"


def look(state):
    sent, seen, screen = state
    cells = {"sent": f"发到 {sent}", "seen": f"看到 {seen}" if seen == sent else (f"看到 {seen}", "amber")}
    for row, line in enumerate(screen):
        cells[f"b{row}"] = line, "red" if line[0] == "（" else "green"
    for row in range(sent):
        cells[f"c{row}"] = f"甲：{SENTENCES[row]}", "green"
    return cells


SCENE = Machine(
    name="lost_message",
    title="丢了一条消息，谁知道",
    board=Board(
        height=218,
        cells=(Cell("sent", 118, 26, 70, 34, 12), Cell("seen", 8, 96, 70, 22),
               *(Cell(f"b{row}", 8, 122 + 23 * row, 148, 21, 11.5) for row in range(ROWS)),
               *(Cell(f"c{row}", 176, 122 + 23 * row, 146, 21, 11.5) for row in range(len(SENTENCES)))),
        labels=(Label(153, 14, "服务器", bold=True), Label(36, 44, "甲在说话", 12), Label(96, 107, "乙", bold=True),
                Label(249, 107, "丙", bold=True)),
        ways=(Way("a", ((66, 43), (112, 43))), Way("b", ((130, 64), (110, 96))), Way("c", ((176, 64), (240, 96)))),
    ),
    buttons=(Button("arrives", "甲说一句", (5,)), Button("lost", "说一句，乙的丢了"), Button("twice", "重复到达", (2,)),
             Button("beat", "乙的心跳", (8,))),
    start=(0, 0, ()),
    opening="三个人在聊天室里。甲说一句，服务器给乙和丙各发一个数据报，各有各的序号。",
    press=press,
    look=look,
    story=("arrives", "lost", "arrives", "twice"),
    legend=(("green", "听到了"), ("amber", "发过的还没有看到"), ("red", "只知道丢了几条")),
    code=CODE,
)
