import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { readFileSync, writeFileSync } from "node:fs";
const size = async () => gzipSync((await build({stdin:{contents:'export { createAgentClient } from "./dashboard/client/index.js"',resolveDir:"dist/lib"},bundle:true,minify:true,format:"esm",target:"es2022",write:false})).outputFiles[0].contents,{level:9}).length;
console.log("base", await size());
const p="dist/lib/dashboard/client/";
const sv={}; for (const f of ["heartbeat","poller","connection"]) sv[f]=readFileSync(p+f+".js","utf8");
writeFileSync(p+"heartbeat.js",`import { Timer } from "./timer.js"; import { PING } from "./wire.js";
export function Heartbeat(clock, port) {
 const next = new Timer(clock), deadline = new Timer(clock); let pingedAt=0, unanswered=0, waiting=false, waking=false;
 const startDeadline = ms => deadline.start(ms, () => port.onDead());
 const probe = ms => { next.stop(); pingedAt = clock.now(); unanswered += 1; waiting = true; startDeadline(ms); port.send(PING); };
 const stop = () => { next.stop(); deadline.stop(); waiting = false; waking = false; };
 probe(10000);
 return { stop, wake: () => { waking = true; probe(3000); }, messageReceived(pong) { if (pong) unanswered = Math.max(0, unanswered-1); if (!waiting) return; const answered = pong && unanswered===0; if (waking && !answered) return startDeadline(3000); stop(); if (answered) port.onLatency(Math.max(0, clock.now()-pingedAt)); next.start(25000, () => probe(10000)); } };
}`);
writeFileSync(p+"connection.js", sv.connection.replace("new Heartbeat","Heartbeat"));
console.log("closure heartbeat", await size());
for (const f in sv) writeFileSync(p+f+".js", sv[f]);
