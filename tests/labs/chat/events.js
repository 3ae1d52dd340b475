// Node: one loop, its sockets keep what is not sent.
const net = require("node:net");
const readline = require("node:readline");

const members = new Map();
const tell = (text, but) => {
  for (const member of [...members.values()]) if (member !== but) member.tell(text);
};

const server = net.createServer((conn) => {
  let name = null, rest = Buffer.alloc(0);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const me = {
    tell(text) {
      conn.write(text + "\n");
      if (conn.writableLength > 4 << 20) conn.destroy();
    },
  };
  const hear = (text) => {
    if (name) return tell(`${name}：${text.replace(/\p{C}/gu, "�")}`, me);
    if (!/^[\p{L}\p{N}]{1,12}$/u.test(text) || text.startsWith("管理员")) return me.tell("ERR 姓名");
    if (members.has(text)) return me.tell("ERR 重复");
    name = text;
    me.tell("OK");
    tell(`${name} 进入了聊天室`);
    members.set(name, me);
  };
  conn.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    try {
      for (let at; (at = rest.indexOf(10)) >= 0; rest = rest.subarray(at + 1)) hear(decoder.decode(rest.subarray(0, at)));
    } catch {
      conn.destroy();
    }
    if (rest.length > 65536) conn.destroy();
  });
  conn.on("error", () => conn.destroy());
  conn.on("close", () => {
    if (members.delete(name)) tell(`${name} 退出了聊天室`);
  });
});
server.listen(Number(process.argv[process.argv.indexOf("--port") + 1]), "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
  readline.createInterface({ input: process.stdin }).on("line", (line) => tell(`管理员消息：${line}`));
});
process.on("SIGTERM", () => process.exit(0));
