import { compareSessions } from "./sessions.ts";

compareSessions(3);
