/** What a server answers to bytes that no browser and no `fetch` would send. */
export async function rawRequest(
  port: number,
  lines: readonly string[],
): Promise<{ status: number; text: string }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = [...lines, "connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(head));
  let text = "";
  for await (const piece of connection.readable.pipeThrough(decoder())) text += piece;
  return { status: Number(text.split(" ")[1]), text };
}

function decoder(): TransformStream<Uint8Array, string> {
  const decoder = new TextDecoder();
  return new TransformStream({
    transform: (piece, controller) => controller.enqueue(decoder.decode(piece, { stream: true })),
  });
}
