"""The way of a web page: name, connection, request, response, more requests, picture on the screen.

Replaces img/2_网站访问.png. Sources: RFC 9110 and RFC 9112 (HTTP/1.1: section 9.3, persistent connections);
RFC 9113 (HTTP/2, over TCP too), RFC 9114 (HTTP/3, over QUIC and so over UDP); RFC 1035 (DNS).
"""

from iolab.model import Actor, Call, Enter, Leave, Message, Note, Sequence, Step

SCENE = Sequence(
    name="web_request",
    title="浏览器访问网站的过程",
    actors=(Actor("dns", "DNS 服务器"), Actor("browser", "浏览器"), Actor("site", "网站服务器")),
    steps=(
        Step("在地址栏输入 http://example.com/，浏览器取出主机名和路径。", Call("browser", "解析网址")),
        Step("浏览器向 DNS 服务器询问主机名的 IP 地址。", Message("browser", "dns", "example.com ?")),
        Step("DNS 服务器答复 IP 地址；没有写端口，http 用 80。", Message("dns", "browser", "IP 地址")),
        Step("浏览器与这个地址建立 TCP 连接：三次握手。",
             Message("browser", "site", "SYN"), Message("site", "browser", "SYN+ACK"),
             Message("browser", "site", "ACK")),
        Step("若是 https，此处还要 TLS 握手，端口是 443。", Note(("browser", "site"), "https：TLS 握手")),
        Step("浏览器发出 HTTP 请求：请求行 GET / HTTP/1.1、请求头（Host 必不可少）、空行。",
             Message("browser", "site", "GET / HTTP/1.1")),
        Step("服务器解析请求，读文件或运行程序，准备响应。", Enter("site"), Call("site", "解析请求"),
             Call("site", "准备响应"), Leave("site")),
        Step("服务器发回 HTTP 响应：响应行 200 OK、响应头、空行、HTML 正文。",
             Message("site", "browser", "200 OK + HTML")),
        Step("浏览器解析 HTML，发现还需要样式表和图片。", Call("browser", "解析 HTML")),
        Step("HTTP/1.1 的连接默认不断开，后面的请求沿用它。",
             Message("browser", "site", "GET /style.css"), Message("site", "browser", "200 OK + CSS")),
        Step("资源到齐，浏览器排版并画出页面。HTTP/2 也走 TCP；HTTP/3 改走 UDP 上的 QUIC。",
             Call("browser", "画出页面")),
    ),
)
