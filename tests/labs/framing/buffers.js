// One Buffer for each client; a message is cut off as soon as it is whole.
const net = require("node:net");

const MOST = 1 << 20;
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const byLength = argument("--framing") === "length";
const decoder = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// [bytes of the message, where the next begins], or null while it is not whole; throws when it never will be one.
function cut(buffer) {
  if (byLength) {
    if (buffer.length < 4) return null;
    const size = buffer.readUInt32BE(0);
    if (size > MOST) throw new Error("too long");
    return buffer.length < 4 + size ? null : [buffer.subarray(4, 4 + size), 4 + size];
  }
  const at = buffer.indexOf(10);
  if (at < 0 && buffer.length > MOST) throw new Error("too long");
  return at < 0 ? null : [buffer.subarray(0, at), at + 1];
}

function framed(text) {
  const body = Buffer.from(text);
  if (!byLength) return Buffer.concat([body, Buffer.from("\n")]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

const server = net.createServer({ allowHalfOpen: true }, (conn) => {
  let chunks = [], size = 0, wanted = 1;
  conn.on("error", () => conn.destroy());
  conn.on("end", () => conn.end());
  conn.on("data", (data) => {
    chunks.push(data);
    size += data.length;
    if (size < wanted) return;
    let buffer = Buffer.concat(chunks), found;
    try {
      while ((found = cut(buffer))) {
        conn.write(framed([...decoder().decode(found[0])].reverse().join("")));
        buffer = buffer.subarray(found[1]);
      }
      wanted = byLength && buffer.length >= 4 ? 4 + buffer.readUInt32BE(0) : 1;
    } catch {
      conn.destroy();
    }
    chunks = [buffer];
    size = buffer.length;
  });
});
server.listen(Number(argument("--port")), "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
