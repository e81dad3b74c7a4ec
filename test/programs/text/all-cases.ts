import { awkCases } from "./cases/awk.ts";
import { diskCases } from "./cases/disk.ts";
import { binaryCases, diffCases, fileCases } from "./cases/files.ts";
import { grepCases } from "./cases/grep.ts";
import { pieceCases } from "./cases/pieces.ts";
import { sedCases, sedTextCases } from "./cases/sed.ts";
import { streamCases } from "./cases/streams.ts";
import type { TextCase } from "./text-case.ts";

/** Every line that our tools are held against the real ones with. */
export const allCases: readonly TextCase[] = [
  ...awkCases,
  ...binaryCases,
  ...diffCases,
  ...diskCases,
  ...fileCases,
  ...grepCases,
  ...pieceCases,
  ...sedCases,
  ...sedTextCases,
  ...streamCases,
];
