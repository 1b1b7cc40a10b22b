import { harness } from '@vmware/policy/testing';
import { readFileSync } from 'node:fs';
const src = readFileSync(new URL('./call.mjs', import.meta.url),'utf8');
import * as z from 'zod';
import { defineToolset, toolsFor } from '@vmware/policy';
const defineTool = toolsFor();
const card = { timeout: 20_000, input: z.object({ name: z.string() }), output: z.object({ name: z.string(), value: z.int() }) };
const touch = defineTool({ ...card, name:'touch', usage:'touch <name>', summary:'C', effect:'write', risk:'medium', level:'power_ops' })
 .plan(async ({name})=>({summary:`Touch ${name}`,changes:['x'],requests:['POST t'],blast_radius:{total:1,objects:[{type:'thing',id:name,name}],reversible:true},blockers:[],unmeasured:[]}))
 .run(async({name})=>({name,value:2}));
const target={name:'lab',environment:'lab'};
const ts=defineToolset({name:'bench',title:'b',version:'0',instructions:'',targets:async()=>({list:()=>[target],find:()=>target}),connect:async()=>({clients:{},close:async()=>{}}),groups:{all:[touch]}});
const h=harness(ts);
for(let i=0;i<200;i++) await h.call(touch,{name:'t'},{dryRun:false});
const t=[];
for(let i=0;i<3000;i++){const s=performance.now(); await h.call(touch,{name:'t'},{dryRun:false}); t.push(performance.now()-s);}
t.sort((a,b)=>a-b); console.log('median ms', t[200], process.cpuUsage());
await h[Symbol.asyncDispose]();
