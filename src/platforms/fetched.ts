/** A file that somebody sent, fetched from where the messenger keeps it. */

const ANSWERS_WITHIN = 60_000;
const MB = 1024 * 1024;

/** Where the answer is bad there are no bytes, and the answer is still to be read. @throws Error with one sentence for people */
export const fetched = async (
  url: string,
  { most, headers }: { most: number; headers?: Record<string, string> },
): Promise<{ bytes?: Uint8Array; response: Response }> => {
  const missing = () => new Error('文件没有取到，请再发一次');
  const tooLarge = () => new Error(`文件太大，最多 ${most / MB} MB`);
  const response = await fetch(url, {
    signal: AbortSignal.timeout(ANSWERS_WITHIN),
    // A token is shown to nobody else.
    ...(headers ? { headers, redirect: 'error' } : {}),
  }).catch(() => {
    throw missing();
  });
  if (!response.ok) return { response };
  const parts: Uint8Array[] = [];
  let size = Number(response.headers.get('content-length') ?? 0);
  try {
    if (size > most) await response.body?.cancel();
    else {
      size = 0;
      // Whoever does not say how much it is fills no memory either.
      for await (const part of response.body ?? []) {
        size += part.length;
        if (size > most) break;
        parts.push(part);
      }
    }
  } catch {
    throw missing();
  }
  if (size > most) throw tooLarge();
  return { bytes: new Uint8Array(Buffer.concat(parts)), response };
};
