// Node: a timer for each message on its way; JSON for the head, the bytes of the message behind it.
const dgram = require("node:dgram");

const where = process.argv[3];
const socket = dgram.createSocket("udp4");
const pack = (head, body) => Buffer.concat([Buffer.from(JSON.stringify(head) + "\n"), body ?? Buffer.alloc(0)]);
const unpack = (data) => {
  const at = data.indexOf(10);
  try {
    const head = JSON.parse(data.subarray(0, at));
    return head && typeof head === "object" && [head, data.subarray(at + 1)];
  } catch {
    return null;
  }
};

function receive() {
  const sessions = new Map();
  socket.on("message", (data, peer) => {
    const [head, body] = unpack(data) || [{}];
    if (typeof head.session !== "string" || !Number.isInteger(head.number)) return;
    if (!sessions.has(head.session)) sessions.set(head.session, { next: 0, early: new Map() });
    const session = sessions.get(head.session);
    if (head.number >= session.next && head.number < session.next + 40) session.early.set(head.number, body);
    for (; session.early.has(session.next); session.next++) {
      process.stdout.write(Buffer.concat([session.early.get(session.next), Buffer.from("\n")]));
      session.early.delete(session.next);
    }
    socket.send(pack({ session: head.session, got: head.number }), peer.port, peer.address);
  });
  socket.bind(Number(where), "127.0.0.1", () => console.log(`listening on 127.0.0.1:${socket.address().port}`));
}

function send() {
  const [host, port] = where.split(":");
  const session = `${process.pid}-${Math.random()}`;
  const flight = new Map(), waiting = [];
  let number = 0, rest = Buffer.alloc(0), over = false, silent = null;
  const listening = () => {
    clearTimeout(silent);
    silent = flight.size ? setTimeout(() => process.exit(1), 3000) : null;
  };
  const more = () => {
    while (waiting.length && number - Math.min(number, ...flight.keys()) < 40) {
      const data = pack({ session, number }, waiting.shift());
      const out = () => socket.send(data, Number(port), host);
      flight.set(number++, setInterval(out, 100));
      if (flight.size === 1) listening();
      out();
    }
    if (over && !flight.size) process.exit(0);
  };
  socket.on("message", (data) => {
    const [head] = unpack(data) || [{}];
    if (head.session !== session || !flight.has(head.got)) return;
    clearInterval(flight.get(head.got));
    flight.delete(head.got);
    listening();
    more();
  });
  socket.on("error", () => {});
  process.stdin.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    for (let at; (at = rest.indexOf(10)) >= 0; rest = rest.subarray(at + 1)) waiting.push(Buffer.from(rest.subarray(0, at)));
    more();
  });
  process.stdin.on("end", () => { over = true; more(); });
}

process.argv[2] === "--port" ? receive() : send();
