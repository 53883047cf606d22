import { build, transform } from "esbuild";
import { gzipSync } from "node:zlib";
import { parseSync } from "oxc-parser";
const t=(await build({stdin:{contents:'export { createAgentClient } from "./dashboard/client/index.js"',resolveDir:"dist/lib"},bundle:true,minify:false,format:"esm",target:"es2022",write:false,treeShaking:true})).outputFiles[0].text;
const size=async s=>gzipSync((await transform(s,{minify:true,target:"es2022",format:"esm",treeShaking:false})).code,{level:9}).length;
const base=await size(t); console.log("base",base);
const ast=parseSync("a.js",t).program; const out=[];
const walk=async(n,path)=>{ if(!n||typeof n!=="object")return; if(Array.isArray(n)){for(const x of n)await walk(x,path);return;}
 let name=path; if(n.type==="MethodDefinition"||n.type==="PropertyDefinition"||n.type==="Property") name=path+"."+(n.key.name??n.key.value); if(n.type==="FunctionDeclaration"||n.type==="ClassDeclaration") name=path+"/"+n.id.name; if(n.type==="VariableDeclarator"&&n.id.name) name=path+"/"+n.id.name;
 if(n.type==="BlockStatement"&&n.end-n.start>60&&["fn"].includes("fn")&&walk.parentFn) {}
 if((n.type==="FunctionDeclaration"||n.type==="FunctionExpression"||n.type==="ArrowFunctionExpression")&&n.body.type==="BlockStatement"&&n.body.end-n.body.start>40){ try{ const s=t.slice(0,n.body.start)+"{}"+t.slice(n.body.end); out.push([base-await size(s),name,n.body.end-n.body.start]); }catch(e){} }
 for(const k in n) if(k!=="type"&&typeof n[k]==="object") await walk(n[k],name);
};
await walk(ast,""); out.sort((a,b)=>b[0]-a[0]); for(const o of out.slice(0,70)) console.log(o.join(" "));
