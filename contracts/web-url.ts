import { z } from "zod";

const expected = "an http(s) URL";

export const WebUrl = z.url({ protocol: /^https?$/, error: expected }).max(2000, { error: expected });
