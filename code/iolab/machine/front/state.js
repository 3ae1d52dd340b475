// The stored state (state.py) as it is unpacked: the emulator's own, then the pages of the machine's memory.
export const PAGE = 4096,
  PIECE = 1 << 20; // bytes

/* program: the emulator's, which can unpack zstd, run once more for that because a WebAssembly's memory never shrinks.
   Returns read(length): the next bytes, until read is called again. */
export async function unpacker(program, packed) {
  const imports = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(program)) {
    imports[module] ??= {};
    imports[module][name] =
      kind === "function" ? () => {} : new WebAssembly.Table({ element: "anyfunc", initial: 1024 });
  }
  const { exports: zstd } = await WebAssembly.instantiate(program, imports);
  const context = zstd.zstd_create_ctx(packed.length);
  new Uint8Array(zstd.memory.buffer, zstd.zstd_get_src_ptr(context) >>> 0, packed.length).set(packed);
  let at = 0,
    last = 0;
  return (length) => {
    if (last) zstd.zstd_read_free(at, last);
    at = zstd.zstd_read(context, length) >>> 0;
    last = length;
    return new Uint8Array(zstd.memory.buffer, at, length);
  };
}

/* The pages that `bits` names, through write(bytes, address) into the memory. */
export function fill(read, bits, write) {
  const pages = [];
  bits.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) pages.push(8 * at + bit);
  });
  for (let next = 0; next < pages.length; ) {
    const last = Math.min(pages.length, next + PIECE / PAGE),
      piece = unfiltered(read((last - next) * PAGE), next * PAGE);
    for (let from = next; from < last; ) {
      let to = from + 1;
      while (to < last && pages[to] === pages[to - 1] + 1) to++;
      write(piece.subarray((from - next) * PAGE, (to - next) * PAGE), pages[from] * PAGE);
      from = to;
    }
    next = last;
  }
}

/* state.py's filtered(), the other way round, in place. base: of this piece. */
export function unfiltered(piece, base) {
  const end = piece.length - 4;
  for (let at = 0; at < end; at++) {
    if ((piece[at] & 0xfe) !== 0xe8) continue;
    const top = piece[at + 4];
    if (top === 0 || top === 0xff) {
      const target = piece[at + 1] | (piece[at + 2] << 8) | (piece[at + 3] << 16) | (top << 24),
        way = ((target - base - at - 5) << 7) >> 7;
      piece[at + 1] = way;
      piece[at + 2] = way >> 8;
      piece[at + 3] = way >> 16;
      piece[at + 4] = way >> 24;
    }
    at += 4;
  }
  return piece;
}
