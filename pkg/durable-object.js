import{DarajaError}from"daraja-auth";function e(e,t){const a=e;return t.split(" ").every(e=>"function"==typeof a?.[e])}var DarajaTokenObject=class{#e
;constructor(e,t){this.#e=e.storage}async fetch(e){
const{expected:t,next:a,ttlMs:n}=await e.json(),o=Date.now(),r=await this.#e.get("record"),s=r&&r.expiresAt>o?{version:r.version,value:r.value}:null
;if(!a)return Response.json({record:s,now:o});const i=s?.version===a.version||(s?.version??null)===t;return i&&await this.#e.put("record",{...a,expiresAt:o+n}),
Response.json({swapped:i,now:o})}};function durableObjectStore(t){
if(!e(t,"idFromName get"))throw a=`namespace: expected a Durable Object namespace, found ${e(t,"getWithMetadata")?"a KV namespace":(n=t,
null==n?String(n):"object"==typeof n?"an object":"a "+typeof n)}`,new DarajaError(a,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,
hint:"Pass the binding itself, env.DARAJA_TOKENS, whose class is DarajaTokenObject."});var a,n;const o=t;async function r(e,t){
const a=o.get(o.idFromName(e)),n=await a.fetch("https://daraja-auth/",{method:"POST",body:JSON.stringify(t)})
;if(!n.ok)throw new Error(`the Durable Object answered HTTP ${n.status}`);return n.json()}return{load:e=>r(e,{}),
compareAndSwap:(e,t,{version:a,value:n},{ttlMs:o})=>r(e,{expected:t,next:{version:a,value:n},ttlMs:o})}}export{DarajaTokenObject,durableObjectStore};