// The files of the machine, as bytes: over http once, then from what the browser keeps; from disk as scripts, because
// a page that was opened from there may not read files.

const KEPT = "iolab-machine"; // the name of our cache
const arrived = {};
window.iolabMachinePart = (name, text) => {
  arrived[name] = text;
};
// What a browser makes of the bytes 0x80 to 0x9f of a script that says it is latin-1 (windows-1252 of the Encoding
// Standard): all others are the characters of the same number.
const OTHERS = new Map(
  [...new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at))].map((letter, at) => [
    letter.charCodeAt(0),
    0x80 + at,
  ]),
);

/* here: the folder's URL; parts: {name: {bytes, sha256}}; progress(bytes) hears of each piece. */
export async function part(here, parts, name, progress) {
  const { bytes, sha256 } = parts[name];
  const url = new URL(`${name}?v=${sha256.slice(0, 16)}`, here).href;
  if (here.protocol === "file:") {
    const found = await fromScript(new URL(`${name}.js`, here).href, name);
    progress(bytes);
    return found;
  }
  const kept = await cache();
  const before = await kept?.match(url).catch(() => null);
  if (before) {
    const found = new Uint8Array(await before.arrayBuffer());
    if (await whole(found, parts[name])) {
      progress(bytes);
      return found;
    }
    await kept.delete(url).catch(() => {}); // damaged
  }
  const found = await download(url, bytes, progress);
  if (!(await whole(found, parts[name])))
    throw new Error(`${name} 和书里的不一样（${found.length} 字节，应该是 ${bytes}）：重新载入这一页再试`);
  keep(kept, url, found.slice(), name); // nobody waits for that: the bytes go to the machine
  return found;
}

async function download(url, bytes, progress) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error("下载没有成功：网络断了，或者服务器停了，再试一次");
  }
  if (!response.ok) throw new Error(`下载没有成功：服务器回答 ${response.status}`);
  const found = new Uint8Array(bytes),
    reader = response.body.getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return found.subarray(0, at);
      if (at + value.length > bytes) throw new RangeError();
      found.set(value, at);
      at += value.length;
      progress(value.length);
    }
  } catch {
    throw new Error("下载到一半断了：再试一次");
  }
}

function fromScript(src, name) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, charset: "windows-1252" });
    script.onload = () => {
      const text = arrived[name];
      delete arrived[name];
      script.remove();
      text ? resolve(bytesOf(text)) : reject(new Error(`${name}.js 坏了`));
    };
    script.onerror = () => reject(new Error(`没有文件 ${name}.js：把书的整个文件夹放在一起`));
    document.head.append(script);
  });
}

function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) {
    const code = text.charCodeAt(at);
    bytes[at] = code < 256 ? code : OTHERS.get(code);
  }
  return bytes;
}

/* Is this what was built? Digests are only there on https and on this machine. */
async function whole(found, { bytes, sha256 }) {
  if (found.length !== bytes) return false;
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", found));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

async function cache() {
  try {
    return await caches.open(KEPT);
  } catch {
    return null; // not on plain http, nor in private browsing: then the browser's own cache has to do
  }
}

/* Keep it, and no older one; where there is no room, the next page loads it again. */
async function keep(kept, url, found, name) {
  try {
    for (const { url: old } of await kept.keys()) if (new URL(old).pathname.endsWith(`/${name}`)) await kept.delete(old);
    await kept.put(url, new Response(found));
  } catch {
    /* no cache, or it is full */
  }
}

/* Whether all parts are kept, so that nothing will be loaded. */
export async function allKept(here, parts) {
  const kept = await cache();
  if (!kept) return false;
  const names = Object.keys(parts);
  const found = await Promise.all(
    names.map((name) => kept.match(new URL(`${name}?v=${parts[name].sha256.slice(0, 16)}`, here).href)),
  ).catch(() => [null]);
  return found.every(Boolean);
}
