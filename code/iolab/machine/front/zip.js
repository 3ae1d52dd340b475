/* What gzip has packed (a Response, or bytes), as a Blob of this type. */
export async function unzipped(packed, type) {
  const { body } = packed instanceof Response ? packed : new Response(packed);
  return new Blob([await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()], { type });
}
