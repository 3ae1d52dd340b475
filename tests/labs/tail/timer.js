// A timer and synchronous reads.
const fs = require("node:fs");

const words = process.argv.slice(2);
let count = words[0] === "-n" ? Number(words.splice(0, 2)[1]) : null;
const name = words[0];
const block = Buffer.alloc(65536);
let fd = null, at = 0, rest = Buffer.alloc(0);

process.stdout.on("error", () => process.exit(0));

function copy() {
  for (let got; (got = fs.readSync(fd, block, 0, block.length, at)) > 0; at += got) {
    rest = Buffer.concat([rest, block.subarray(0, got)]);
    const end = rest.lastIndexOf(10) + 1;
    if (end) process.stdout.write(Buffer.from(rest.subarray(0, end)));
    rest = rest.subarray(end);
  }
}

function beginning(size) {
  let newlines = 0;
  for (let end = size; end > 0; end -= block.length) {
    const from = Math.max(0, end - block.length);
    fs.readSync(fd, block, 0, end - from, from);
    for (let place = end - from - 1; place >= 0; place--)
      if (block[place] === 10 && ++newlines > count) return from + place + 1;
  }
  return 0;
}

function look() {
  let now = null;
  try {
    now = fs.statSync(name);
  } catch {}
  if (fd !== null && now && now.ino !== fs.fstatSync(fd).ino) {
    copy();
    fs.closeSync(fd);
    fd = null;
  }
  if (fd === null && now) {
    fd = fs.openSync(name, "r");
    rest = Buffer.alloc(0);
    at = count === null ? 0 : beginning(now.size);
    count = null;
  }
  if (fd === null) return;
  if (fs.fstatSync(fd).size < at) [at, rest] = [0, Buffer.alloc(0)];
  copy();
}

look();
setInterval(look, 40);
