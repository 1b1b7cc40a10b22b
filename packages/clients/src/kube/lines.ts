/** Lines of a stream without their ends, and at last what follows the last one. `tooLong` makes the error for a line beyond `limit` bytes. */
export async function* linesOf(
  body: AsyncIterable<Buffer>,
  limit: number,
  tooLong: () => Error,
): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer) => {
    size += part.length;
    if (size > limit) throw tooLong();
    parts.push(part);
  };
  const take = () => {
    const line = Buffer.concat(parts).toString('utf8'); // whole lines only: a character may be cut between chunks
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield take();
}
