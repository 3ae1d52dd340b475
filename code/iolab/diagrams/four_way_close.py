"""TCP 四次挥手: both ends, their states, and who decides when the second FIN leaves.

Replaces img/1_四次挥手.png. Sources: RFC 9293 section 3.6 (figure 12) and figure 5; tcp(7) for tcp_fin_timeout;
TCP_TIMEWAIT_LEN in Linux is 60 s. Every segment carries the ACK flag, a label names what is new. The variant in which
ACK and FIN travel together is `three_segment_close`.
"""

from iolab.model import Actor, Block, Call, Message, Note, Sequence, State, Step, Wake

SCENE = Sequence(
    name="four_way_close",
    title="TCP 四次挥手",
    actors=(Actor("active", "主动方"), Actor("passive", "被动方")),
    steps=(
        Step("连接已建立。谁先关闭，谁就是主动方；客户端和服务端都可以。被动方正阻塞在 recv()。",
             State("active", "ESTABLISHED"), State("passive", "ESTABLISHED"), Call("passive", "recv()"),
             Block("passive")),
        Step("第一次：主动方调用 close()，内核发出 FIN；被动方收到，进入 CLOSE_WAIT。",
             Call("active", "close()"), State("active", "FIN_WAIT_1"),
             Message("active", "passive", "FIN  seq=500, ack=900"), State("passive", "CLOSE_WAIT")),
        Step("第二次：被动方内核回 ACK，只表示 FIN 已收到；它可能晚一点，和被动方的 FIN 合成一个报文。"
             "主动方进入 FIN_WAIT_2。",
             Message("passive", "active", "ACK  seq=900, ack=501"), State("active", "FIN_WAIT_2")),
        Step("被动方的 recv() 返回 b''：对方不会再发数据了。",
             Wake("passive"), Call("passive", "recv() 返回 b''")),
        Step("何时关闭由被动方的程序决定。它不调用 close()，就一直停在 CLOSE_WAIT；"
             "主动方已经 close()，在 FIN_WAIT_2 最多等 60 秒（Linux）。",
             Note(("passive",), "程序做完\n剩下的事")),
        Step("第三次：被动方调用 close()，内核发出自己的 FIN，进入 LAST_ACK。",
             Call("passive", "close()"), State("passive", "LAST_ACK"),
             Message("passive", "active", "FIN  seq=900, ack=501"), State("active", "TIME_WAIT")),
        Step("第四次：主动方内核回 ACK。被动方收到后回到 CLOSED，连接在这一端消失。",
             Message("active", "passive", "ACK  seq=501, ack=901"), State("passive", "CLOSED")),
        Step("主动方在 TIME_WAIT 停留 60 秒（Linux）：最后的 ACK 若丢失还能重发，迟到的旧报文也不会混进新连接。",
             Note(("active",), "等待 60 秒")),
        Step("60 秒过去，主动方也回到 CLOSED。", State("active", "CLOSED")),
    ),
)
