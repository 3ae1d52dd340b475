"""TCP closing with three segments: the passive program closes at once, so its ACK and its FIN travel together.

The variant of img/1_四次挥手.png that a capture often shows. Source: RFC 9293 section 3.10.7.4, FIN_WAIT_1: a FIN
that comes with the ACK of our own FIN leads straight to TIME_WAIT.
"""

from iolab.model import Actor, Block, Call, Message, Sequence, State, Step, Wake

SCENE = Sequence(
    name="three_segment_close",
    title="三个报文就关闭的 TCP 连接",
    actors=(Actor("active", "主动方"), Actor("passive", "被动方")),
    steps=(
        Step("连接已建立，被动方阻塞在 recv()。",
             State("active", "ESTABLISHED"), State("passive", "ESTABLISHED"), Call("passive", "recv()"),
             Block("passive")),
        Step("第一个报文：主动方调用 close()，内核发出 FIN。",
             Call("active", "close()"), State("active", "FIN_WAIT_1"),
             Message("active", "passive", "FIN  seq=500, ack=900"), State("passive", "CLOSE_WAIT")),
        Step("被动方的 recv() 返回 b''，程序马上调用 close()；内核还没来得及单独发 ACK。",
             Wake("passive"), Call("passive", "close()")),
        Step("第二个报文：ACK 和 FIN 合在一起。主动方跳过 FIN_WAIT_2，直接进入 TIME_WAIT。",
             State("passive", "LAST_ACK"), Message("passive", "active", "FIN+ACK  seq=900, ack=501"),
             State("active", "TIME_WAIT")),
        Step("第三个报文：主动方内核回 ACK，被动方回到 CLOSED。",
             Message("active", "passive", "ACK  seq=501, ack=901"), State("passive", "CLOSED")),
        Step("主动方在 TIME_WAIT 停留 60 秒（Linux）后回到 CLOSED。", State("active", "CLOSED")),
    ),
)
