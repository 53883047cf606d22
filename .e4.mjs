import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { readFileSync, writeFileSync } from "node:fs";
const size = async () => gzipSync((await build({stdin:{contents:'export { createAgentClient } from "./dashboard/client/index.js"',resolveDir:"dist/lib"},bundle:true,minify:true,format:"esm",target:"es2022",write:false})).outputFiles[0].contents,{level:9}).length;
const base=await size(); console.log(base);
const p="dist/lib/dashboard/client/";
for (const [n,f,re,to] of [
 ["pageshow","page-events",/\(event\) => "persisted"[^)]*\)/,"onWake"],
 ["turn words","frames",/role: wordOf\(\{[^}]*\}\)/,"role: text"],
 ["turn sentiment","frames",/orNull\(wordOf\(\{ positive[^}]*\}\)\)/,"orNull(text)"],
 ["channel","frames",/orNull\(wordOf\(\{ voice[^}]*\}\)\)/,"orNull(text)"],
 ["pong","frames",/zzz/,""],
 ["noanswer","connection",/"The socket"/,'"A socket"'],
 ["readFrame sp","poller",/readFrame\(\{ \.\.\.\(await answer\.json\(\)\), type: "initialAgentList" \}\)/,'readFrame(Object.assign(await answer.json(), {type:"initialAgentList"}))'],
 ["loop validation","agent-client",/for \(const \[wrong, message\][\s\S]*?throw new TypeError\(message\);\s*\}/,'const wrong = !/^https?:\\/\\/[^/?#@\\s\\\\]+\\/?$/i.test(url) ? "url must start with http:// or https:// and have no path." : typeof instanceId !== "string" || instanceId === "" ? "instanceId must be a text." : typeof getTicket !== "function" ? "getTicket must be a function." : typeof onError !== "function" && "onError must be a function."; if (wrong) throw new TypeError(wrong);'],
 ["no onError check","agent-client",/\[typeof onError[^\]]*\],/,""],
 ["cause socket","connection",/new Error\(`The socket closed[^)]*\)/,"null"],
]) { const t=readFileSync(p+f+".js","utf8"); const u=t.replace(re,to); if(u===t){console.log(n,"nomatch");continue;} writeFileSync(p+f+".js",u); try{console.log(n,base-await size());}catch(e){console.log(n,e.message.slice(0,100));} writeFileSync(p+f+".js",t); }
