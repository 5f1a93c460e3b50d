import{DarajaError}from"daraja-auth";var e=6e4,t=class extends Error{};function a(){const e=crypto.getRandomValues(new Uint8Array(16))
;return Array.from(e,e=>e.toString(16).padStart(2,"0")).join("")}var r=e=>({version:a(),value:e});async function o(e,t){const a=await e.load(t)
;if(null===a||"object"!=typeof a||void 0===a.record)throw u("load","{ record, now? }",a);const{record:r}=a;return null===r?null:{version:r.version,value:r.value
}}async function n(e,t,a,r,o=6e4){const n=await e.compareAndSwap(t,a,r,{ttlMs:o})
;if("boolean"!=typeof n?.swapped)throw u("compareAndSwap","{ swapped, now? }",n);return n.swapped}async function s(e,t,a,r,o){
const s=`swapped, from version ${a}`;w(await n(e,t,a,r,o),!0,s)}async function i(e,t,a,r){w(await n(e,t,a,r),!1,`swapped, from version ${a}`)}
async function c(e,t,a,s){const i=Array.from({length:200
},(e,t)=>r(`value ${t}`)),c=await Promise.all(i.map((r,o)=>n((o%2==0?a:s).store,e,t,r))),l=i.filter((e,t)=>c[t]);w(l.length,1,"the number of winners")
;for(const{store:t}of[a,s])w(await o(t,e),l[0],"the record")}async function l(e){try{return{value:await e()}}catch(e){if(e instanceof t)throw e;return{
error:e??new Error("rejected with nothing")}}}function w(e,t,a){if(JSON.stringify(e)!==JSON.stringify(t))throw u(a,JSON.stringify(t),e)}function u(e,t,a){
const r=e=>void 0!==e&&e.length>300?`${e.slice(0,300)}… (${e.length} characters)`:e;return new Error(`${e}: expected ${r(t)}, found ${r(JSON.stringify(a))}`)}
var h=[""," \t\r\n ",'\'"\\`$1 %s {"a":"b"}',"null","12345678901234567890","ZüRiCh é é 中文 ال \ufeff\u2028�","😀👨‍👩"],f=["a\0b","half \ud83d pair"],d=["",":","/",":a/b","/a:b",":a:b","%3Aa%2Fb","/../a",":A/b"," a","*",`:${"a".repeat(200)}`],p={
async"a key that was never written has no record"({key:e,ours:{store:t}}){w(await o(t,e),null,"the record")},
async"another instance loads a record, and can replace it"({key:e,ours:t,theirs:a}){const n=r("first"),i=r("second");await s(t.store,e,null,n),
w(await o(a.store,e),n,"the record"),await s(a.store,e,n.version,i),w(await o(t.store,e),i,"the record")},
async"200 concurrent creates have one winner"({key:e,ours:t,theirs:a}){await c(e,null,t,a)},
async"200 concurrent swaps from the same version have one winner"({key:e,ours:t,theirs:a}){const o=r("first");await s(t.store,e,null,o),await c(e,o.version,t,a)
},async"a swap that expects no record fails if there is one"({key:e,ours:{store:t}}){const a=r("first");await s(t,e,null,a),await i(t,e,null,r("second")),
w(await o(t,e),a,"the record")},async"a swap that expects a version fails if there is no record"({key:e,ours:{store:t}}){await i(t,e,a(),r("first")),
w(await o(t,e),null,"the record")},async"a swap that expects an old version fails"({key:e,ours:t,theirs:a}){const[n,c]=[r("first"),r("second")]
;await s(t.store,e,null,n),await s(a.store,e,n.version,c),await i(t.store,e,n.version,r("third")),w(await o(a.store,e),c,"the record")},
async"a version is the caller's, and never counts again after the next swap"({key:e,ours:{store:t}}){const a=[];let n=null;for(const c of["a","b","a","b"]){
const l=r(c);await s(t,e,n,l),w(await o(t,e),l,"the record");for(const o of a)await i(t,e,o,r("from the past"));a.push(l.version),n=l.version}},
async"an expired record counts as none"({key:e,ours:t,theirs:a,eventually:n}){const c=r("first");await s(t.store,e,null,c,300),
await n("the record expires",async()=>null===await o(a.store,e)),await i(t.store,e,c.version,r("second"));const l=r("third");await s(a.store,e,null,l),
await i(t.store,e,c.version,r("fourth")),w(await o(t.store,e),l,"the record")},
async"each swap sets the time to live again"({key:e,ours:{store:t},eventually:a}){const[n,i]=[r("first"),r("second")];let c,u=3e3;for(;;){c=`${e}:${u}`,
await s(t,c,null,n,u);const{error:a}=await l(()=>s(t,c,n.version,i));if(!a)break;if(u>1e4)throw a;u*=2}await s(t,e,null,r("other"),u),
await a("the other record expires",async()=>null===await o(t,e)),w(await o(t,c),i,"the record"),await s(t,c,i.version,r("third"),300),
await a("the record expires",async()=>null===await o(t,c))},async"a large value comes back unchanged"({key:e,ours:t,theirs:a}){
const n=r(`{"token":"${"aé€".repeat(10922)}"}`);await s(t.store,e,null,n),w(await o(a.store,e),n,"the record")},
async"a strange value comes back unchanged"({key:e,ours:t,theirs:a}){let n=null;for(const i of h){const c=r(i);await s(t.store,e,n,c),
w(await o(a.store,e),c,"the record"),n=c.version}},async"a value that the engine cannot store is an error, and is not changed"({key:t,ours:a,theirs:n}){
for(const[s,i]of f.entries()){const c=r(i),u=await l(()=>a.store.compareAndSwap(`${t}:${s}`,null,c,{ttlMs:e}))
;w(await o(n.store,`${t}:${s}`),u.error?null:c,"the record")}},async"keys with colons and slashes do not collide"({key:e,ours:t,theirs:a}){
const n=d.map(t=>[`${e}${t}`,r(`the value of "${t}"`)]);for(const[e,a]of n)await s(t.store,e,null,a)
;for(const[e,t]of n)w(await o(a.store,e),t,`the record of ${e}`)},async"a load never sees half a swap"({key:e,ours:t,theirs:n}){let i=r("")
;await s(t.store,e,null,i);const c=[];for(let r=0;r<30;r++){const r=a();c.push(...[t,n,n].map(({store:t})=>o(t,e)));const l={version:r,value:r.repeat(100)}
;await s(t.store,e,i.version,l),i=l}for(const e of await Promise.all(c))""!==e?.value&&w(e?.value,e?.version.repeat(100),"the value of this version")},
async"each answer has the store's clock, which never goes backwards"({key:t,ours:{store:o}}){
const n=r("first"),s=[await o.load(t),await o.compareAndSwap(t,a(),r("lost"),{ttlMs:e}),await o.compareAndSwap(t,null,n,{ttlMs:e
}),await o.load(t),await o.compareAndSwap(t,null,r("lost"),{ttlMs:e}),await o.compareAndSwap(t,n.version,r("second"),{ttlMs:e})].map(({now:e})=>e)
;if(s.every(e=>void 0===e))return"the store has no clock";if(!s.every(e=>Number.isFinite(e)))throw u("now","a number in each answer",s)
;if(s.some((e,t)=>t>0&&Number(e)<Number(s[t-1])))throw u("now","never less than before",s)},
async"a watch wakes at the swap of another instance, until it is ended"({key:e,ours:t,theirs:a,eventually:o}){
if("function"!=typeof t.store.watch)return"the store has no watch";let n=null;const i=async()=>{const t=r("swapped");await s(a.store,e,n,t),n=t.version}
;await i();let c=0;const l=t.store.watch(e,()=>c++),u=e=>async()=>(0===e()&&await i(),e()>0);await o("the watch wakes",u(()=>c)),l();const h=c;let f=0
;const d=t.store.watch(e,()=>f++);await o("the next watch wakes",u(()=>f)),d(),d(),w(c,h,"the wakes of a watch that was ended")},
async"after a lost reply, a swap gives the true result or an error"({key:t,ours:a,theirs:n}){if(!a.loseReply)return"makeStore gives no loseReply"
;const[i,c]=[r("first"),r("second")];await s(a.store,t,null,i),await a.loseReply();const{error:h,value:f}=await l(()=>a.store.compareAndSwap(t,i.version,c,{
ttlMs:e})),d=await o(n.store,t);if(h||w(f?.swapped,d?.version===c.version,"swapped"),
![i,c].some(({version:e})=>e===d?.version))throw u("the record",`${JSON.stringify(i)} or ${JSON.stringify(c)}`,d)},
async"on a dead connection, a load and a swap give an error"({key:t,ours:a}){if(!a.cut)return"makeStore gives no cut";const o=r("first")
;await s(a.store,t,null,o),await a.cut();const n=await l(()=>a.store.load(t));if(!n.error)throw u("load, cut off","an error",n.value)
;const i=await l(()=>a.store.compareAndSwap(t,o.version,r("second"),{ttlMs:e}));if(!i.error)throw u("compareAndSwap, cut off","an error",i.value)}}
;function storeConformance(e,t={}){const{patienceMs:r=3e4}=t;if("function"!=typeof e)throw o=`makeStore: expected a function that makes a store, found ${n=e,
null==n?String(n):"object"==typeof n?"an object":"a "+typeof n}`,new DarajaError(o,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,
hint:"storeConformance(() => store) is enough. It is better if each call makes a store with a client of its own."});var o,n
;return Object.entries(p).map(([t,o])=>({name:t,run:async(...[t])=>{const n=`daraja-auth:conformance:${a()}`,s=[],i=async()=>{const t=await e(),a=function(e,t){
const a=e;return t.split(" ").every(e=>"function"==typeof a?.[e])}(t,"compareAndSwap")?{store:t}:t;return s.push(a),{...a,store:y(a.store,r)}};try{
const e=await i(),a=await i(),s=await o({key:n,ours:e,theirs:a,eventually:(e,t)=>async function(e,t,a){for(let t=0;t<e/20;t++){if(await a())return
;await new Promise(e=>setTimeout(e,20))}throw new Error(`${t}: expected within ${e} ms, found that it did not happen`)}(r,e,t)})
;"string"==typeof s&&t?.skip?.(s)}finally{for(const{close:e}of s)await(e?.())}}}))}function y(e,a){const r=async(e,r)=>{let o;const n=new Promise((r,n)=>{
o=setTimeout(()=>n(new t(`${e} did not settle within ${a} ms`)),a)});try{return await Promise.race([r(),n])}finally{clearTimeout(o)}},{watch:o}=e;return{
load:(...t)=>r("load",()=>e.load(...t)),compareAndSwap:(...t)=>r("compareAndSwap",()=>e.compareAndSwap(...t)),...o&&{watch:(...t)=>o.apply(e,t)}}}
export{storeConformance};