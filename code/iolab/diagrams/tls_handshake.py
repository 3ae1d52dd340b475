"""TLS 1.3 的握手：what each side sends, and from where on nobody between them can read it.

Braces mark what is encrypted, as in figure 1 of RFC 8446. Sources: RFC 8446 section 4.4 (Certificate, CertificateVerify
and Finished), 4.6.1 (the tickets that come after the handshake), 6.1 (close_notify); RFC 6066 section 3: the name of
the host (SNI) stands in the ClientHello. Left out: ChangeCipherSpec, which only middleboxes want (appendix D.4),
EncryptedExtensions, and what happens when a check fails.
"""

from iolab.model import Actor, Block, Call, Code, Message, Note, Sequence, Step, Wake

CODE = Code('''
# 客户端
context = create_default_context()
conn = create_connection((host, 443))
tls = context.wrap_socket(conn, server_hostname=host)
tls.sendall(request)
tls.recv(65536)
tls.unwrap()
''')

SCENE = Sequence(
    name="tls_handshake",
    title="TLS 1.3 的握手",
    actors=(Actor("client", "客户端"), Actor("server", "服务端")),
    steps=(
        Step("TCP 已经连好。现在说的话，路上谁都看得见。", Note(("client", "server"), "TCP 连接已建立"), at=3),
        Step("客户端调用 wrap_socket()，阻塞到握手有结果为止。",
             Call("client", "wrap_socket()"), Block("client"), at=4),
        Step("客户端发出 ClientHello，明文：会哪些算法，密钥的一半，还有要找的主机名（SNI）。",
             Message("client", "server", "ClientHello  SNI"), at=4),
        Step("服务端回答 ServerHello，也是明文：选了什么，密钥的另一半。从这里起，两边都算得出密钥，旁人算不出。",
             Message("server", "client", "ServerHello"), at=4),
        Step("服务端接着发出证书，已经加密（花括号）：CertificateVerify 证明它有这张证书的私钥。",
             Message("server", "client", "{Certificate, CertificateVerify}"), Message("server", "client", "{Finished}"),
             at=4),
        Step("客户端验证：谁签的，过期没有，主机名对不对。有一样不对就不谈了。", Note(("client",), "验证证书"), at=4),
        Step("客户端发出 Finished：前面说过的话一个字也没有被人改过。",
             Message("client", "server", "{Finished}"), at=4),
        Step("wrap_socket() 返回，握手用了一个来回。", Wake("client"), Call("client", "wrap_socket() 返回"), at=4),
        Step("客户端发出请求，每条记录都加密，还带着校验，改一个字节对方就知道。",
             Message("client", "server", "{请求}"), at=5),
        Step("服务端发来下次用的票据：不是数据，程序 recv 不到，可是套接字可读了。",
             Message("server", "client", "{NewSessionTicket}"), at=5),
        Step("服务端发回回答。", Message("server", "client", "{回答}"), at=6),
        Step("客户端说完了，发出 close_notify：加密的“再见”，路上的人伪造不了。",
             Message("client", "server", "{close_notify}"), at=7),
    ),
    code=CODE,
)
