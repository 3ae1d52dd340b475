// Node: one loop; a command, or the bytes that are left of a file, is what the next piece is for.
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const readline = require("node:readline");

const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const folder = fs.realpathSync(argument("--folder"));
const good = (name) => name && !/[/\0]/.test(name) && !name.startsWith(".") && Buffer.byteLength(name) < 256;
const regular = (name) => fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile();
let parts = 0;

class Part {
  constructor(size, name) {
    this.left = size;
    this.name = name;
    this.path = path.join(folder, `.part.${process.pid}.${parts++}`);
    this.fd = fs.openSync(this.path, "wx");
  }
  take(data) {
    const mine = data.subarray(0, this.left);
    for (let at = 0; at < mine.length; ) at += fs.writeSync(this.fd, mine, at);
    this.left -= mine.length;
    return data.subarray(mine.length);
  }
  publish() {
    fs.linkSync(this.path, path.join(folder, this.name));
  }
  end() {
    fs.closeSync(this.fd);
    fs.unlinkSync(this.path);
  }
}

function serve(conn) {
  let rest = Buffer.alloc(0), part = null, sending = false;
  const finish = () => {
    try {
      part.publish();
      conn.write("OK\n");
    } catch (error) {
      conn.write(`ERR ${error.code}\n`);
    }
    part.end();
    part = null;
  };
  const command = (line) => {
    const [, verb, words] = /^(\S*) ?(.*)$/s.exec(line);
    if (verb === "LIST") {
      const names = fs.readdirSync(folder).filter((name) => !name.startsWith(".") && regular(name));
      const lines = names.map((name) => `${fs.statSync(path.join(folder, name)).size} ${name}\n`);
      conn.write(`OK ${names.length}\n${lines.join("")}`);
    } else if (verb === "GET" && good(words) && regular(words)) {
      const size = fs.statSync(path.join(folder, words)).size;
      conn.write(`OK ${size}\n`);
      if (!size) return;
      sending = true;
      const file = fs.createReadStream(path.join(folder, words), { end: size - 1 });
      conn.on("close", () => file.destroy());
      file.on("end", () => { sending = false; work(); }).pipe(conn, { end: false });
    } else if (verb === "PUT") {
      const [, size, name] = /^(\S*) ?(.*)$/s.exec(words);
      if (!/^[0-9]{1,18}$/.test(size) || !good(name) || fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false }))
        return conn.write("ERR cannot\n");
      part = new Part(Number(size), name);
      conn.write("OK\n");
      if (!part.left) finish();
    } else conn.write("ERR what\n");
  };
  const work = () => {
    while (!sending) {
      if (part) {
        rest = part.take(rest);
        if (part.left) return;
        finish();
      }
      const at = rest.indexOf(10);
      if (at < 0) return rest.length > 4096 && conn.destroy();
      const line = rest.subarray(0, at).toString();
      rest = rest.subarray(at + 1);
      command(line);
    }
  };
  conn.on("data", (data) => {
    rest = rest.length ? Buffer.concat([rest, data]) : data;
    work();
  });
  conn.on("error", () => conn.destroy());
  conn.on("close", () => { part?.end(); part = null; });
}

async function get(conn, name) {
  let part = null, rest = Buffer.alloc(0);
  conn.write(`GET ${name}\n`);
  try {
    for await (const data of conn) {
      rest = Buffer.concat([rest, data]);
      if (!part) {
        const at = rest.indexOf(10);
        if (at < 0) continue;
        const line = rest.subarray(0, at).toString();
        if (!line.startsWith("OK ")) return line;
        part = new Part(Number(line.slice(3)), name);
        rest = rest.subarray(at + 1);
      }
      rest = part.take(rest);
      if (!part.left) {
        part.publish();
        return "done";
      }
    }
    return "broken off";
  } finally {
    part?.end();
  }
}

async function lines(conn, text, last) {
  conn.write(text);
  let said = "";
  for await (const data of conn) {
    said += data;
    if (last(said)) break;
  }
  return said;
}

async function perform(line) {
  const [verb, name] = [line.split(" ")[0], line.split(" ").slice(1).join(" ")];
  const [host, port] = argument("--connect").split(":");
  const conn = net.connect(Number(port), host);
  try {
    if (verb === "get" && good(name)) return await get(conn, name);
    if (verb === "list")
      return await lines(conn, "LIST\n", (said) => said.split("\n").length > 1 + Number(/^OK (\d+)\n/.exec(said)?.[1]));
    if (verb === "put" && good(name)) {
      const data = fs.readFileSync(path.join(folder, name));
      return await lines(conn, Buffer.concat([Buffer.from(`PUT ${data.length} ${name}\n`), data]),
        (said) => said.split("\n").length > 2 || said.startsWith("ERR"));
    }
    return "list, get NAME, put NAME, quit";
  } finally {
    conn.destroy();
  }
}

async function use() {
  console.log("list, get NAME, put NAME, quit");
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === "quit") break;
    try {
      console.log(await perform(line));
    } catch (error) {
      console.log(`failed: ${error.message}`);
    }
  }
  process.exit(0);
}

if (process.argv.includes("--connect")) use();
else {
  for (const name of fs.readdirSync(folder)) if (name.startsWith(".part.")) fs.unlinkSync(path.join(folder, name));
  const server = net.createServer(serve);
  server.listen(Number(argument("--port")), "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
  process.on("SIGTERM", () => process.exit(0));
}
