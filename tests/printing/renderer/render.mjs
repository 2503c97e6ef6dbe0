// Draws labels with an independent ZPL renderer: a JSON list of {zpl, width_mm, height_mm, dpmm} on standard input,
// a JSON list of lists of PNG images (base64, one for each label in the stream) on standard output.
import { ready } from "zpl-renderer-js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const jobs = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const { api } = await ready;
const drawn = [];
for (const job of jobs) {
  drawn.push(await api.zplToBase64MultipleAsync(job.zpl, job.width_mm, job.height_mm, job.dpmm));
}
process.stdout.write(JSON.stringify(drawn), () => process.exit(0));
