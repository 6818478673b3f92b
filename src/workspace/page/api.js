const token = new URLSearchParams(location.search).get('token') ?? '';
const headers = { authorization: `Bearer ${token}` };

/** One verb of the control API; throws an Error with `code` when it was refused. */
export async function act(verb, body) {
  const response = await fetch(`/control/${verb}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (answer.ok) return answer.result;
  throw Object.assign(new Error(answer.message ?? answer.error), { code: answer.error });
}

export function fileUrl(id) {
  return `/files/${encodeURIComponent(id)}?token=${encodeURIComponent(token)}`;
}

/** Reads the feed for ever, reconnecting; EventSource cannot send the token in a header. */
export async function follow({ onEvent, onState }) {
  for (;;) {
    try {
      const response = await fetch('/control/feed', { headers });
      if (!response.ok) throw new Error(`feed: ${response.status}`);
      onState(true);
      await read(response.body.getReader(), onEvent);
    } catch {
      // Said below: the workspace is away.
    }
    onState(false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function read(reader, onEvent) {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const parts = rest.split('\n\n');
    rest = parts.pop();
    for (const part of parts) if (part.startsWith('data: ')) onEvent(JSON.parse(part.slice(6)));
  }
}
