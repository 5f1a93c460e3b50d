function e(e,t){let n=e;for(let r=0;r<32;r++){if(Object.hasOwn(n,t))return e[t];if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}
var t=Symbol("unreadable");function n(n,r){const o=Object.create(null);for(const s of r.split(", "))try{const t=e(n,s);void 0!==t&&(o[s]=t)}catch{o[s]=t}
const s=function(e,t){try{const n=t.split(", "),r=Reflect.ownKeys(e).find(e=>"string"==typeof e&&!n.includes(e));return r?.slice(0,200)}catch{return}}(n,r)
;return void 0!==s&&(o[s]=void 0),o}var r=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;import{DarajaError}from"daraja-auth";function o(e,t){
return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function s(e){
return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}function a(e,t){const n=e;return t.split(" ").every(e=>"function"==typeof n?.[e])}
function i(e){
const{name:t,code:n=t,message:o,errors:s}=e??{},a=Array.isArray(s)?`none of several addresses answered: ${s[0]?.message}`:n,[i]=String(o||a).split(", command was:"),c=function({code:e,errors:t}){
return r.test(String(e))?"Name its authority's file in NODE_EXTRA_CA_CERTS":"ETIMEDOUT"===e&&Array.isArray(t)?"Raise Node's --network-family-autoselection-attempt-timeout":void 0
}({code:n,errors:s});return Object.assign(new Error(c?`${i}. ${c}`:i),{code:n})}function c(e){if(!a(e,"on listenerCount"))return;const t=e
;0===t.listenerCount("error")&&t.on("error",()=>{})}
var l="daraja_auth_tokens",u="daraja_auth",f="floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";function createTableSql(e=l){
return`CREATE TABLE IF NOT EXISTS ${d(e)} (\n  key text PRIMARY KEY,\n  version text NOT NULL,\n  value text NOT NULL,\n  expires_at timestamptz NOT NULL\n)`}
function postgresStore(e,t={}){const{table:r=l,listen:h}=n(t??{},"table, listen"),y=function(e){const t=e
;if(a(t,"query define authenticate"))throw o("client: expected pg's Pool, postgres.js, or anything with query(text, values), found Sequelize","Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.")
;if(c(t),a(t,"query"))return(e,n)=>t.query(e,n);if(a(t,"unsafe"))return(e,n)=>t.unsafe(e,n)
;throw o(`client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${s(e)}`,"Make the client as you do elsewhere and pass it: postgresStore(new Pool({ connectionString })).")
}(e),w=d(r),E=void 0!==h&&function(e){if(a(e,"listen")){const t=e;return(e,n)=>{const r=Promise.resolve(t.listen(u,t=>{t===e&&n()}));return r.catch(()=>{}),
()=>{r.then(e=>(e.unlisten??e)()).catch(()=>{})}}}
if(!a(e,"on removeListener query")||"totalCount"in e)throw o(`listen: expected a session (pg's Client, postgres.js, PGlite), found ${a(e,"query")?"a pool":s(e)}`,"Notifications reach the session that asked for them: give it a connection of its own, past any pooler.")
;const t=e;return c(t),(e,n)=>{const r=({channel:t,payload:r})=>{t===u&&r===e&&n()};return t.on("notification",r),
Promise.resolve(t.query(`LISTEN ${u}`)).catch(()=>{}),()=>{t.removeListener("notification",r)}}
}(h),m=E?`RETURNING pg_notify('${u}', key)`:"RETURNING key",v=`SELECT ${f}, EXISTS (SELECT FROM swap) AS swapped`,S="clock_timestamp() + $4::float8 * interval '1 millisecond'",T=`SELECT ${f}, pg_is_in_recovery() AS standby, held.version, held.value\n    FROM (SELECT 1) AS one LEFT JOIN ${w} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`,g=`WITH swap AS (\n    INSERT INTO ${w} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${S})\n    ON CONFLICT (key) DO UPDATE\n      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at\n      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version\n    ${m}) ${v}`,N=`WITH swap AS (\n    UPDATE ${w} SET version = $2, value = $3, expires_at = ${S}\n    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())\n    ${m}) ${v}`
;async function _(e,t){try{const n=await y(e,t);return(Array.isArray(n)?n:n?.rows)?.[0]}catch(e){const t=i(e)
;throw"42P01"===t.code&&(t.message+=". Create it by store.createTable(), or with createTableSql()"),t}}async function A(e,t){const n=await _(e,t)
;if(Number(n?.now)>0)return n;throw new Error("the client gave something else than rows that are objects with the column now")}return{async load(e){
const{now:t,standby:n,version:r,value:o}=await A(T,[e]);if(p(n))throw new Error("this server is a standby, so its records may be old: connect to the primary")
;return{record:"string"==typeof r?{version:r,value:o}:null,now:Number(t)}},async compareAndSwap(e,t,n,{ttlMs:r}){!function({value:e}){
if(!1===e.isWellFormed?.())throw o("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(n)
;const s=[e,n.version,n.value,String(r)];try{const e=null===t?A(g,s):A(N,[...s,t]),{now:n,swapped:r}=await e;return{swapped:p(r),now:Number(n)}}catch(e){
if("40001"===e.code)return{swapped:!1};throw e}},async createTable(){try{await _(createTableSql(r),[])}catch(e){
await _(`SELECT FROM ${w} LIMIT 0`,[]).catch(()=>{throw e})}},...E&&{watch:($=E,(e,t)=>{let n=!1;const r=$(e,()=>{n||t()});return()=>{n||r(),n=!0}})}};var $}
function p(e){return!0===e||"t"===e}function d(e){const t="string"==typeof e?e.split("."):[];if(t.length<1||t.length>2||t.some(e=>!/^[^"\0]{1,63}$/.test(e))){
throw o(`table: expected a table's name, or schema.name, found ${"string"==typeof e?JSON.stringify(e):s(e)}`,"It is quoted, so case matters.")}
return t.map(e=>`"${e}"`).join(".")}export{createTableSql,postgresStore};