"""Captions of sequences held against the events of their steps: who calls, who sends, which flag, number and state."""

import re
from dataclasses import dataclass, field, replace

import pytest

from iolab import diagrams
from iolab.model import Begin, Block, Call, Enter, Leave, Message, Note, Sequence, State, Wake
from rfc9293 import STATES

SCENES = {name: scene for name in diagrams.names() if isinstance(scene := diagrams.load(name), Sequence)}
STATE = "|".join(sorted(STATES, key=len, reverse=True)) + "|[未已]锁|[未已]设置"
FLAG = r"(?<![A-Z_])(?:SYN\+ACK|FIN\+ACK|SYN|ACK|FIN)(?![A-Z_])"
CALL = r"\b([a-z]+)\("
SENDS = r"发来|发出|发回|(?<!等)(?<!不到)回答|询问|答复|内核回"
NOT = r"不(?!到)|没有|没来得及"
ALSO = {  # how captions call actors besides by their titles
    "tcp_server_flow": {"服务端": ("listener", "conn")},
    "web_request": {"服务器": ("site",)},
    "mutual_exclusion": {"B": ("b",)},
    "synchronisation": {"B": ("b",)},
}
# Calls that a caption names though nobody makes them there: advice, and what comes before the first step or later.
BESIDE = {
    "udp_client_flow": {"settimeout"},
    "synchronisation": {"clear"},
}
TIMES = {"60 秒": r"TIME_WAIT|FIN_WAIT_2|CLOSED|过去"}  # TCP_TIMEWAIT_LEN and tcp_fin_timeout, tcp(7)


@dataclass
class Moment:
    """What is so before, in and after one step."""

    scene: Sequence
    number: int
    before: dict
    after: dict
    waiting: dict                     # actor -> the call that it waits in when the step begins
    sent: list                        # the messages up to the end of the step before
    waits: dict = field(default_factory=dict)  # the same when it ends

    @property
    def step(self):
        return self.scene.steps[self.number]

    def of(self, kind):
        return [event for event in self.step.events if isinstance(event, kind)]

    def calls(self, name, whose, number=None):
        """Whether one of these actors calls `name` in a step, or waits in it."""
        events = self.scene.steps[self.number if number is None else number].events
        made = [event.actor for event in events if isinstance(event, Call) and event.text.startswith(f"{name}(")]
        if number is None:
            made += [actor for state in (self.waiting, self.waits) for actor, call in state.items() if call == name]
        return any(actor in whose for actor in made)


def moments(scene):
    states, waiting, sent = {}, {}, []
    for number, step in enumerate(scene.steps):
        moment = Moment(scene, number, dict(states), {}, dict(waiting), list(sent))
        last = {}
        for event in step.events:
            match event:
                case State(actor, text):
                    states[actor] = text
                case Call(actor, text):
                    last[actor] = text.partition("(")[0]
                case Block(actor):
                    waiting[actor] = last.get(actor, "")
                case Wake(actor):
                    waiting.pop(actor)
                case Message():
                    sent.append(event)
        moment.after, moment.waits = dict(states), dict(waiting)
        yield moment


def faults(scene):
    """One line for each thing that a caption says and its step, or the steps before, do not show."""
    for moment in moments(scene):
        yield from (f"step {moment.number + 1}: {fault}" for fault in contradictions(moment))


def contradictions(now):
    caption = now.step.caption
    names = {actor.title: (actor.name,) for actor in now.scene.actors} | ALSO.get(now.scene.name, {})
    everybody = tuple(actor.name for actor in now.scene.actors)
    title = f"({'|'.join(sorted(names, key=len, reverse=True))})"

    def subject(start):
        """The actors that the last title before a place in the caption means; everybody if there is none."""
        found = re.findall(f"(?<!向)(?<!向 )(?<!DNS )(?<!在)(?<!同一个){title}", caption[:start])
        return names[found[-1]] if found else everybody

    def clause(start):
        return re.split("[，。；：]", caption[:start])[-1]

    for found in re.finditer(STATE, caption):
        yield from state(now, found[0], subject(found.start()), clause(found.start()), caption[found.end():])
    for found in re.finditer(CALL, caption):
        yield from call(now, found[1], subject(found.start()), clause(found.start()), caption[found.end():])
    for found in re.finditer(FLAG, caption):
        near = set().union(*(flags(one.label) for one in recent(now)))
        if not flags(found[0]) <= near and not re.search(NOT, clause(found.start())):
            yield f"no {found[0]} is on its way"
    for found in re.finditer(SENDS, caption):
        whose, words = subject(found.start()), re.split("[，。；：]", caption[found.end():])[0]
        mine = [event.label for event in now.of(Message) if event.source in whose]
        wanted = re.search(FLAG, words)
        if wanted:
            mine = [label for label in mine if flags(label) == flags(wanted[0])]
        if not mine and not re.search(NOT, clause(found.start())):
            yield f"{whose} sends no {wanted[0] if wanted else 'message'} here"
    for found in re.finditer("收到(?!的|。)|返回这些字节", caption):
        came = [event for event in recent(now) if event.target in subject(found.start())]
        if not came and "表示" not in clause(found.start()):
            yield "nothing comes to the one who is said to get it"
    for found in re.finditer("阻塞", caption):
        if not any(actor in now.waits for actor in subject(found.start())):
            yield f"{subject(found.start())} does not block"
    for pattern, holds in RULES.items():
        for found in re.finditer(pattern.replace("<title>", title), caption):
            whose = names.get(next((group for group in found.groups() if group in names), ""), everybody)
            if not holds(now, found, whose, subject(found.start())):
                yield f"{found[0]}: its step shows otherwise"
    for event in now.of(Call):
        if "(" not in event.text and (at := caption.find(event.text)) >= 0 and event.actor not in subject(at):
            yield f"{event.actor} does {event.text}, the caption says {subject(at)}"
    yield from counts(now, caption)
    if now.of(Block) and not re.search("阻塞|等|回到", caption):
        yield "somebody blocks, and the caption does not say so"
    if now.of(Wake) and not re.search("返回|唤醒|到时|到达|不再", caption):
        yield "somebody wakes, and the caption does not say so"
    for found in re.finditer("被唤醒", caption):
        if not any(event.actor in subject(found.start()) for event in now.of(Wake)):
            yield f"{subject(found.start())} does not wake"


def state(now, name, whose, words, rest):
    own = {event.text for event in now.of(State) if event.actor in whose}
    held = {states[actor] for states in (now.before, now.after) for actor in whose if actor in states}
    if "跳过" in words:
        shown = {event.text for step in now.scene.steps for event in step.events if isinstance(event, State)}
        yield from [f"{name} is not skipped"] if name in shown else []
    elif re.search("仍是", words):
        yield from [] if name == "LISTEN" else [f"no listening socket is in {name}"]
    elif rest.startswith(" 停留"):
        yield from [] if name in {now.before[actor] for actor in whose} else [f"{whose} was not in {name}"]
    elif name[0] in "未已":
        yield from [] if name in {*now.before.values(), *now.after.values()} else [f"nothing is {name}"]
        if "变为" in words and name not in {event.text for event in now.of(State)}:
            yield f"nothing becomes {name}"
    elif re.search("进入|回到|记下", words):
        yield from [] if name in own else [f"{whose} does not come to {name} here"]
    elif name not in held:
        yield f"{whose} is not in {name}"


def call(now, name, whose, words, rest):
    if re.search(NOT, words):
        yield from [f"{whose} calls {name}()"] if now.calls(name, whose, now.number) else []
        ever = any(now.calls(name, whose, number) for number in range(len(now.scene.steps)))
        yield from [f"{whose} never calls {name}()"] if "调用" in words and not ever else []
    elif "以后" in words:
        yield from [] if any(now.calls(name, whose, one) for one in range(now.number)) else [f"no {name}() before"]
    elif "会在" in words:
        yield from [] if now.calls(name, whose, now.number + 1) else [f"{name}() does not come next"]
    elif "已经" in words:
        yield from [] if any(now.calls(name, whose, one) for one in range(now.number)) else [f"no {name}() before"]
    elif "调用" in words and not now.calls(name, whose, now.number):
        yield f"{whose} does not call {name}() in this step"
    elif name not in BESIDE.get(now.scene.name, ()) and not name[0].isupper() and not now.calls(name, whose):
        yield f"{whose} does not call {name}()"
    ended = any("FIN" in event.label for event in now.sent + now.of(Message))
    if rest.startswith(") 返回 b''") and not (ended and name == "recv"):
        yield "what returns b'' is recv(), and after a FIN"
    if rest.startswith((") 返回", ")返回")) and not returns(now, name, whose):
        yield f"{name}() does not return here"
    if rest.startswith(") 返回连接套接字") and name != "accept":
        yield "accept() returns the connection"


def returns(now, name, whose):
    """Whether somebody wakes who waited in this call, or makes it without waiting, or had returned from it."""
    woke = [event.actor for event in now.of(Wake)]
    made = [event.actor for event in now.of(Call) if event.text.startswith(f"{name}(") and event.actor not in now.waits]
    return any(actor in whose and (actor in made or now.waiting.get(actor) == name) for actor in woke + made)


def calls(now, whose, text):
    return any(event.actor in whose for event in now.of(Call) if event.text == text)


def arrows(now, source=(), target=()):
    return [event for event in now.of(Message) if event.source in source or event.target in target]


# What a piece of a caption claims: pattern -> whether it is so, by moment, match, the actors of its title, its subject.
RULES = {
    "谁先关闭，谁就是<title>": lambda now, found, whose, _: next(
        event.source for step in now.scene.steps for event in step.events
        if isinstance(event, Message) and "FIN" in event.label) in whose,
    "和<title>的 FIN 合成": lambda now, found, whose, _: bool(arrows(now, source=whose)),
    r"(\d+) 表示 (\d+)": lambda now, found, *_: int(found[1]) == int(found[2]) + 1,
    "进入临界区": lambda now, found, _, subject: any(event.actor in subject for event in now.of(Enter)),
    "离开": lambda now, found, _, subject: any(event.actor in subject for event in now.of(Leave)),
    "关闭<title>": lambda now, found, whose, subject: (
        calls(now, whose, "close()") and any(actor in subject for actor in whose)),
    "新的<title>": lambda now, found, whose, _: any(event.actor in whose for event in now.of(Begin)),
    r"\(数据, <title>地址\)": lambda now, found, whose, _: bool(arrows(now, target=whose)),
    "没有人通知<title>": lambda now, found, whose, _: bool(arrows(now, source=whose)),
    "自己设超时": lambda now, found, _, subject: any(event.actor in subject for event in now.of(Block)),
    "<title>不会知道": lambda now, found, whose, _: not calls(now, whose, "close()"),
    "<title> ?的数据报": lambda now, found, whose, _: bool(arrows(now, source=whose)),
    rf"收到 ({FLAG})": lambda now, found, *_: flags(found[1]) in [flags(event.label) for event in recent(now)],
    r"(\w+)\((?:\) 把字节|数据)": lambda now, found, *_: found[1].startswith("send"),
    r"(\w+)\(\) 照样正常返回": lambda now, found, whose, _: returns(now, found[1], whose) and found[1] not in now.waits,
    "做(第.步)(?!之)": lambda now, found, _, subject: calls(now, subject, found[1]),
    "做完(第.步)": lambda now, found, _, subject: any(
        Call(actor, found[1]) in step.events for step in now.scene.steps[:now.number] for actor in subject),
    "向 ?<title>询问": lambda now, found, whose, _: bool(arrows(now, target=whose)),
    r"(\w+) 和 (\w+) 合在一起": lambda now, found, *_: {found[1], found[2]} == flags(now.of(Message)[0].label),
}


def recent(now):
    """The messages of this step and the one before."""
    step = now.scene.steps[max(now.number - 1, 0)]
    return now.of(Message) + [event for event in step.events if isinstance(event, Message)]


def flags(text):
    found = re.match(FLAG, text)
    return set(found[0].split("+")) if found else {"SYN", "ACK"} if text == "三次握手" else set()


def counts(now, caption):
    """Ordinals, sequence numbers and times."""
    segments = [event for event in now.of(Message) if flags(event.label)]
    found = re.match("第([一二三四])(?:次|个报文)：", caption)
    if found and (len(segments), len(now.sent)) != (1, "一二三四".index(found[1])):
        yield f"this is not segment {found[1]}"
    labels = " ".join(event.label for event in segments)
    if "seq=" in str(now.scene):
        if segments and "seq=" in labels and re.search("第.(次|个)", caption) is None:
            yield "a segment is not counted"
        seqs, acks = ({int(number) for number in re.findall(rf"{kind}=(\d+)", labels)} for kind in ("seq", "ack"))
        told = [int(number) for number in re.findall(r"\d{3}", caption)]
        yield from (f"{number} is no number of this step" for number in told
                    if number not in seqs | acks | {ack - 1 for ack in acks})
        yield from (f"seq is not {number}" for number in re.findall(r"序号 (\d+)", caption) if int(number) not in seqs)
        yield from (f"ack is not {number}" for number in re.findall(r"ack=(\d+)", caption) if int(number) not in acks)
        yield from (f"{time} is no time of TCP" for time in re.findall(r"\d+ 秒", caption)
                    if not re.search(TIMES.get(time, "$^"), caption))
    for note in now.of(Note):
        if found := re.search(r"(\d+) 秒后超时", note.text):
            yield from [] if f"settimeout({found[1]})" in caption else ["the timeout of the note is another"]


@pytest.mark.parametrize("name", SCENES)
def test_captions_say_what_their_steps_show(name):
    found = list(faults(SCENES[name]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("name", "true", "false"), [
    ("handshake", "客户端内核发出 ACK", "服务端内核发出 ACK"),
    ("handshake", "客户端调用 connect()", "服务端调用 connect()"),
    ("handshake", "内核发出 SYN，", "内核发出 FIN，"),
    ("handshake", "ack=301", "ack=300"),
    ("handshake", "初始序号 100", "初始序号 300"),
    ("handshake", "客户端进入 ESTABLISHED", "服务端进入 ESTABLISHED"),
    ("handshake", "第二次", "第三次"),
    ("four_way_close", "主动方进入 FIN_WAIT_2", "主动方进入 CLOSING"),
    ("four_way_close", "第三次：被动方调用", "第三次：主动方调用"),
    ("four_way_close", "进入 LAST_ACK", "进入 CLOSE_WAIT"),
    ("four_way_close", "主动方在 TIME_WAIT 停留 60 秒", "主动方在 TIME_WAIT 停留 90 秒"),
    ("four_way_close", "谁就是主动方", "谁就是被动方"),
    ("three_segment_close", "跳过 FIN_WAIT_2", "跳过 TIME_WAIT"),
    ("tcp_client_flow", "会在 connect() 时", "会在 bind() 时"),
    ("tcp_client_flow", "客户端 close()", "服务端 close()"),
    ("tcp_server_flow", "listen() 使它", "bind() 使它"),
    ("tcp_server_flow", "客户端发来数据", "服务端发来数据"),
    ("tcp_server_flow", "关闭监听套接字", "关闭连接套接字"),
    ("udp_client_flow", "settimeout(1)", "settimeout(9)"),
    ("udp_server_flow", "客户端 B 的数据报", "客户端 A 的数据报"),
    ("web_request", "浏览器向 DNS 服务器询问", "浏览器向网站服务器询问"),
    ("mutual_exclusion", "线程 A 进入临界区", "线程 B 进入临界区"),
    ("synchronisation", "线程 A 调用 e.set()", "线程 B 调用 e.set()"),
    ("synchronisation", "变为已设置", "变为未设置"),
])
def test_a_caption_that_contradicts_its_step_is_told(name, true, false):
    scene = SCENES[name]
    place = next(number for number, step in enumerate(scene.steps) if true in step.caption)
    step = scene.steps[place]
    lie = type(step)(step.caption.replace(true, false), *step.events)
    assert list(faults(replace(scene, steps=(*scene.steps[:place], lie, *scene.steps[place + 1:]))))


# How the line that is lit makes the call that a step draws.
MAKES = {
    "socket": r"create_server|create_connection|socket\.socket", "bind": "create_server|bind",
    "listen": "create_server", "connect": "create_connection",
    "recv": r"recv\(|receive_exactly", "recvfrom": r"recvfrom|receive\(", "close": "^ *with ",
    "临界区": "临界区", "第一步": "first", "第二步": "second", "做完": "first|second",
}
PROGRAM = {"tcp_server_flow": ("listener", "conn"), "tcp_client_flow": ("client",), "udp_server_flow": ("server",),
           "udp_client_flow": ("client",), "handshake": ("server",), "mutual_exclusion": ("a", "b")}  # whose code it is


@pytest.mark.parametrize("name", [name for name, scene in SCENES.items() if scene.code])
def test_the_lit_lines_make_the_calls_of_their_step(name):
    scene = SCENES[name]
    for number, step in enumerate(scene.steps, 1):
        lit = [scene.code.lines[at - 1] for at in step.at]
        for event in step.events:
            if lit and isinstance(event, Call) and event.actor in PROGRAM.get(name, event.actor):
                call = event.text.partition("(")[0]
                made = any(re.search(MAKES.get(call, rf"\b{call}\("), line) for line in lit)
                assert made, f"step {number} draws {call}, {lit} make no such call"
