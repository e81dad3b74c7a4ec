/**
 * What the simulated world may ask of the machine it runs on. A process parks on such a call; lab/ answers it.
 * "pure" calls depend on their question alone and take no virtual time: the clock is held until the answer is there.
 * "live" calls (an editor, a real cluster) take as long as they take: time goes on, and the answer is journaled as input.
 */
export interface HostCalls {
  jq: { ask: JqQuestion; answer: JqAnswer };
  editor: { ask: EditorQuestion; answer: EditorAnswer };
  https: { ask: HttpsQuestion; answer: HttpsAnswer };
  login: { ask: LoginQuestion; answer: LoginAnswer };
}

export interface JqQuestion {
  /** As jq-wasm wants them: the options, then the filter. */
  flags: readonly string[];
  filter: string;
  input: string;
}
export interface JqAnswer {
  stdout: string;
  stderr: string;
  status: number;
}
export interface EditorQuestion {
  program: "vim" | "vi" | "nano";
  /** The virtual path, for the title and the file type. */
  path: string;
  text: string;
  readOnly: boolean;
  /** The virtual user's ~/.vimrc. */
  config: string;
  /** Takes the text each time it is written, before the editor ends. */
  onWrite(text: string): void;
}
export interface EditorAnswer {
  status: number;
  /** The text at the end, undefined if it was never written. */
  text: string | undefined;
  /** Why no editor could be started. */
  error?: string;
}
export interface HttpsQuestion {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  tls: { ca?: string; cert?: string; key?: string; insecure?: boolean };
}
export interface HttpsAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  error?: string;
}

/** A login from one world to a host of another: from the exam's base host to the host of a task. */
export interface LoginQuestion {
  host: string;
  user: string;
  /** undefined for a login shell. */
  command: string | undefined;
  /** Where it comes from: the terminal that the other world's session takes over, or (undefined) the text for its stdin. */
  terminal: object | undefined;
  stdin: string;
}
export interface LoginAnswer {
  status: number;
  /** What it wrote, where it had no terminal. */
  stdout: string;
  stderr: string;
}

export type PortName = keyof HostCalls;

/** The other side of the calls. `done` is called later, never during `call`, and between two runs of the clock. */
export interface HostPorts {
  call<P extends PortName>(port: P, ask: HostCalls[P]["ask"], done: (answer: HostCalls[P]["answer"]) => void): void;
}

/** Which calls hold the clock. */
export const holdsClock: Readonly<Record<PortName, boolean>> = {
  jq: true,
  editor: false,
  https: false,
  login: false,
};
