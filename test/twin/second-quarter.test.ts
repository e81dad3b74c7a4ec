import { compareSessions } from "./sessions.ts";

compareSessions(1);
