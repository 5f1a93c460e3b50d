import{DarajaError}from"daraja-auth";var e=6e4,t=class extends Error{};function a(){const e=crypto.getRandomValues(new Uint8Array(16))
;return Array.from(e,e=>e.toString(16).padStart(2,"0")).join("")}var r=e=>({version:a(),value:e});async function o(e,t){const a=await e.load(t)
;if(null===a||"object"!=typeof a||void 0===a.record)throw u("load","{ record, now? }",a);const{record:r}=a;return null===r?null:{version:r.version,value:r.value
}}async function s(e,t,a,r,o=6e4){const s=await e.compareAndSwap(t,a,r,{ttlMs:o})
;if("boolean"!=typeof s?.swapped)throw u("compareAndSwap","{ swapped, now? }",s);return s.swapped}async function n(e,t,a,r,o){
const n=`swapped, with the expectation ${a}`;l(await s(e,t,a,r,o),!0,n)}async function i(e,t,a,r){l(await s(e,t,a,r),!1,`swapped, with the expectation ${a}`)}
async function c(e,t,a,n){const i=Array.from({length:200
},(e,t)=>r(`value ${t}`)),c=await Promise.all(i.map((r,o)=>s((o%2==0?a:n).store,e,t,r))),w=i.filter((e,t)=>c[t]);l(w.length,1,"the number of winners")
;for(const{store:t}of[a,n])l(await o(t,e),w[0],"the record")}async function w(e){try{return{value:await e()}}catch(e){if(e instanceof t)throw e;return{
error:e??new Error("rejected with nothing")}}}function l(e,t,a){if(JSON.stringify(e)!==JSON.stringify(t))throw u(a,JSON.stringify(t),e)}function u(e,t,a){
const r=e=>void 0!==e&&e.length>300?`${e.slice(0,300)}… (${e.length} characters)`:e;return new Error(`${e}: expected ${r(t)}, found ${r(JSON.stringify(a))}`)}
var h=300,d=[""," \t\r\n ",'\'"\\`$1 %s {"a":"b"}',"null","12345678901234567890","ZüRiCh é é 中文 ال \ufeff\u2028�","😀👨‍👩"],f=["a\0b","half \ud83d pair"],p=["",":","/",":a/b","/a:b",":a:b","%3Aa%2Fb","/../a",":A/b"," a","*",`:${"a".repeat(200)}`],y={
async"a key that was never written has no record"({key:e,ours:{store:t}}){l(await o(t,e),null,"the record")},
async"what one instance swaps in, another loads, and then replaces"({key:e,ours:t,theirs:a}){const s=r("first"),i=r("second");await n(t.store,e,null,s),
l(await o(a.store,e),s,"the record"),await n(a.store,e,s.version,i),l(await o(t.store,e),i,"the record")},
async"200 concurrent creates have one winner"({key:e,ours:t,theirs:a}){await c(e,null,t,a)},
async"200 concurrent swaps from the same version have one winner"({key:e,ours:t,theirs:a}){const o=r("first");await n(t.store,e,null,o),await c(e,o.version,t,a)
},async"a null expectation is refused where there is a record"({key:e,ours:{store:t}}){const a=r("first");await n(t,e,null,a),await i(t,e,null,r("second")),
l(await o(t,e),a,"the record")},async"an expected version is refused where there is no record"({key:e,ours:{store:t}}){await i(t,e,a(),r("first")),
l(await o(t,e),null,"the record")},async"a stale version is refused"({key:e,ours:t,theirs:a}){const[s,c]=[r("first"),r("second")];await n(t.store,e,null,s),
await n(a.store,e,s.version,c),await i(t.store,e,s.version,r("third")),l(await o(a.store,e),c,"the record")},
async"versions are the caller's and are never reused"({key:e,ours:{store:t}}){const a=[];let s=null;for(const c of["a","b","a","b"]){const w=r(c)
;await n(t,e,s,w),l(await o(t,e),w,"the record");for(const o of a)await i(t,e,o,r("from the past"));a.push(w.version),s=w.version}},
async"an expired record is no record"({key:e,ours:t,theirs:a,eventually:s}){const c=r("first");await n(t.store,e,null,c,h),
await s("the record expires",async()=>null===await o(a.store,e)),await i(t.store,e,c.version,r("second"));const w=r("third");await n(a.store,e,null,w),
await i(t.store,e,c.version,r("fourth")),l(await o(t.store,e),w,"the record")},async"a swap sets the time to live anew"({key:e,ours:{store:t},eventually:a}){
const[s,i]=[r("first"),r("second")];await n(t,e,null,s,3e3),await n(t,e,s.version,i),await n(t,`${e}:other`,null,r("other"),3e3),
await a("the record beside it expires",async()=>null===await o(t,`${e}:other`)),l(await o(t,e),i,"the record"),await n(t,e,i.version,r("third"),h),
await a("the record expires",async()=>null===await o(t,e))},async"a large value comes back as it was"({key:e,ours:t,theirs:a}){
const s=r(`{"token":"${"aé€".repeat(10922)}"}`);await n(t.store,e,null,s),l(await o(a.store,e),s,"the record")},
async"a strange value comes back as it was"({key:e,ours:t,theirs:a}){let s=null;for(const i of d){const c=r(i);await n(t.store,e,s,c),
l(await o(a.store,e),c,"the record"),s=c.version}},async"a value that the engine cannot hold is refused by an error, not changed"({key:t,ours:a,theirs:s}){
for(const[n,i]of f.entries()){const c=r(i),u=await w(()=>a.store.compareAndSwap(`${t}:${n}`,null,c,{ttlMs:e}))
;l(await o(s.store,`${t}:${n}`),u.error?null:c,"the record")}},async"keys with colons and slashes do not collide"({key:e,ours:t,theirs:a}){
const s=p.map(t=>[`${e}${t}`,r(`the value of "${t}"`)]);for(const[e,a]of s)await n(t.store,e,null,a)
;for(const[e,t]of s)l(await o(a.store,e),t,`the record of ${e}`)},async"a load never sees half a swap"({key:e,ours:t,theirs:s}){let i=r("")
;await n(t.store,e,null,i);const c=[];for(let r=0;r<30;r++){const r=a();c.push(...[t,s,s].map(({store:t})=>o(t,e)));const w={version:r,value:r.repeat(100)}
;await n(t.store,e,i.version,w),i=w}for(const e of await Promise.all(c))""!==e?.value&&l(e?.value,e?.version.repeat(100),"the value beside its version")},
async"the store's clock is there with and without a record, and never goes backwards"({key:t,ours:{store:o}}){
const s=r("first"),n=[await o.load(t),await o.compareAndSwap(t,a(),r("lost"),{ttlMs:e}),await o.compareAndSwap(t,null,s,{ttlMs:e
}),await o.load(t),await o.compareAndSwap(t,null,r("lost"),{ttlMs:e}),await o.compareAndSwap(t,s.version,r("second"),{ttlMs:e})].map(({now:e})=>e)
;if(n.every(e=>void 0===e))return"the store has no clock";if(!n.every(e=>Number.isFinite(e)))throw u("now","a number in each answer",n)
;if(n.some((e,t)=>t>0&&Number(e)<Number(n[t-1])))throw u("now","never less than before",n)},
async"watch wakes at another's swap, until it is ended"({key:e,ours:t,theirs:a,eventually:o}){if("function"!=typeof t.store.watch)return"the store has no watch"
;let s=null;const i=async()=>{const t=r("swapped");await n(a.store,e,s,t),s=t.version};await i();let c=0
;const w=t.store.watch(e,()=>c++),u=e=>async()=>(0===e()&&await i(),e()>0);await o("the watch wakes",u(()=>c)),w();const h=c;let d=0
;const f=t.store.watch(e,()=>d++);await o("the next watch wakes",u(()=>d)),f(),f(),l(c,h,"the wakes of a watch that was ended")},
async"a lost reply is no claim: what a swap says is what is there"({key:t,ours:a,theirs:s}){if(!a.loseReply)return"makeStore gives no loseReply"
;const[i,c]=[r("first"),r("second")];await n(a.store,t,null,i),await a.loseReply();const{error:h,value:d}=await w(()=>a.store.compareAndSwap(t,i.version,c,{
ttlMs:e})),f=await o(s.store,t);if(h||l(d?.swapped,f?.version===c.version,"swapped"),
![i,c].some(({version:e})=>e===f?.version))throw u("the record",`${JSON.stringify(i)} or ${JSON.stringify(c)}`,f)},
async"a dead connection becomes an error, for a load and for a swap"({key:t,ours:a}){if(!a.cut)return"makeStore gives no cut";const o=r("first")
;await n(a.store,t,null,o),await a.cut();const s=await w(()=>a.store.load(t));if(!s.error)throw u("load, cut off","an error",s.value)
;const i=await w(()=>a.store.compareAndSwap(t,o.version,r("second"),{ttlMs:e}));if(!i.error)throw u("compareAndSwap, cut off","an error",i.value)}}
;function storeConformance(e,t={}){const{patienceMs:r=3e4}=t;if("function"!=typeof e)throw o=`makeStore: expected a function that makes a store, found ${s=e,
null==s?String(s):"object"==typeof s?"an object":"a "+typeof s}`,new DarajaError(o,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,
hint:"storeConformance(() => store) is enough; better, each call makes one with a client of its own."});var o,s;return Object.entries(y).map(([t,o])=>({name:t,
run:async(...[t])=>{const s=`daraja-auth:conformance:${a()}`,n=[],i=async()=>{const t=await e(),a=function(e,t){const a=e
;return t.split(" ").every(e=>"function"==typeof a?.[e])}(t,"compareAndSwap")?{store:t}:t;return n.push(a),{...a,store:v(a.store,r)}};try{
const e=await i(),a=await i(),n=await o({key:s,ours:e,theirs:a,eventually:(e,t)=>async function(e,t,a){for(let t=0;t<e/20;t++){if(await a())return
;await new Promise(e=>setTimeout(e,20))}throw new Error(`expected that ${t}, which it did not`)}(r,e,t)});"string"==typeof n&&t?.skip?.(n)}finally{
for(const{close:e}of n)await(e?.())}}}))}function v(e,a){const r=async(e,r)=>{let o;const s=new Promise((r,s)=>{
o=setTimeout(()=>s(new t(`${e} did not settle within ${a} ms`)),a)});try{return await Promise.race([r(),s])}finally{clearTimeout(o)}},{watch:o}=e;return{
load:(...t)=>r("load",()=>e.load(...t)),compareAndSwap:(...t)=>r("compareAndSwap",()=>e.compareAndSwap(...t)),...o&&{watch:(...t)=>o.apply(e,t)}}}
export{storeConformance};