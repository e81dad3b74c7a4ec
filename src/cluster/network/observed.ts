import type { Attempt, Dialled, Echoed, Listener, Observer, Said } from "../../machine/define-network.ts";

/** Tells who listens on the wires of an attempt to connect, and lets them hear what is then said over the connection. */
export function observed<T extends Dialled | Echoed>(
  observers: ReadonlySet<Observer>,
  attempt: Attempt & { ended: T },
): T {
  for (const observer of observers) observer.attempted(attempt);
  const { ended } = attempt;
  if (!("listener" in ended)) return ended;
  const tell = (said: Said) => {
    for (const observer of observers) observer.exchanged(attempt, said);
  };
  return { ...ended, listener: overheard(ended.listener, tell) };
}

function overheard(listener: Listener, tell: (said: Said) => void): Listener {
  const { http, dns } = listener;
  const value = <V>(one: V) => ({ value: one, enumerable: true });
  return Object.create(listener, {
    ...(http
      ? {
          http: value((request: Parameters<typeof http>[0]) => {
            const answer = http(request);
            tell({ request, answer });
            return answer;
          }),
        }
      : {}),
    ...(dns
      ? {
          dns: value((question: Parameters<typeof dns>[0]) => {
            const reply = dns(question);
            tell({ question, reply });
            return reply;
          }),
        }
      : {}),
  }) as Listener;
}
