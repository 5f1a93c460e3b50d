function e(e,t){let n=e;for(let r=0;r<32;r++){if(Object.hasOwn(n,t))return e[t];if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}
var t=Symbol("unreadable");function n(n,r){const o=Object.create(null);for(const a of r.split(", "))try{const t=e(n,a);void 0!==t&&(o[a]=t)}catch{o[a]=t}
const a=function(e,t){try{const n=t.split(", "),r=Reflect.ownKeys(e).find(e=>"string"==typeof e&&!n.includes(e));return r?.slice(0,200)}catch{return}}(n,r)
;return void 0!==a&&(o[a]=void 0),o}var r=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;import{DarajaError}from"daraja-auth";function o(e,t){
return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function a(e){
return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}function s(e,t){const n=e;return t.split(" ").every(e=>"function"==typeof n?.[e])}
function i(e){
const{name:t,code:n=t,message:o,errors:a}=e??{},s=Array.isArray(a)?`none of several addresses answered: ${a[0]?.message}`:n,[i]=String(o||s).split(", command was:"),c=function({code:e,errors:t}){
return r.test(String(e))?"Name its authority's file in NODE_EXTRA_CA_CERTS":Array.isArray(t)&&[e,...t.map(e=>e?.code)].includes("ETIMEDOUT")?"Raise Node's --network-family-autoselection-attempt-timeout":void 0
}({code:n,errors:a});return Object.assign(new Error(c?`${i}. ${c}`:i),{code:n})}function c(e){if(!s(e,"on listenerCount"))return;const t=e
;0===t.listenerCount("error")&&t.on("error",()=>{})}
var l="daraja_auth_tokens",u="daraja_auth",f="floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";function createTableSql(e=l){
return`CREATE TABLE IF NOT EXISTS ${y(e)} (\n  key text PRIMARY KEY,\n  version text NOT NULL,\n  value text NOT NULL,\n  expires_at timestamptz NOT NULL\n)`}
function postgresStore(e,t={}){const{table:r=l,listen:h}=n(t??{},"table, listen"),w=function(e){const t=e,[n]=p.find(([,e])=>s(t,e))??[]
;if(!n&&s(t,"query"))return c(t),(e,n)=>t.query(e,n);if(!n&&s(t,"unsafe"))return(e,n)=>t.unsafe(e,n)
;throw o(`client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${n??a(e)}`,"Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.")
}(e),m=y(r),E=void 0!==h&&function(e){if(s(e,"listen")){const t=e;return(e,n)=>{const r=Promise.resolve(t.listen(u,t=>{t===e&&n()}));return r.catch(()=>{}),
()=>{r.then(e=>(e.unlisten??e)()).catch(()=>{})}}}
if(!s(e,"on removeListener query")||"totalCount"in e)throw o(`listen: expected a session (pg's Client, postgres.js, PGlite), found ${"totalCount"in Object(e)?"a pool":a(e)}`,"Notifications reach the session that asked for them: give the store its own, past any pooler.")
;const t=e;return c(t),(e,n)=>{const r=({channel:t,payload:r})=>{t===u&&r===e&&n()};return t.on("notification",r),
Promise.resolve(t.query(`LISTEN ${u}`)).catch(()=>{}),()=>{t.removeListener("notification",r)}}
}(h),v=E?`RETURNING pg_notify('${u}', key)`:"RETURNING key",S=`SELECT ${f}, EXISTS (SELECT FROM swap) AS swapped`,T="clock_timestamp() + $4::float8 * interval '1 millisecond'",N=`SELECT ${f}, pg_is_in_recovery() AS standby, held.version, held.value\n    FROM (SELECT 1) AS one LEFT JOIN ${m} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`,O=`WITH swap AS (\n    INSERT INTO ${m} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${T})\n    ON CONFLICT (key) DO UPDATE\n      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at\n      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version\n    ${v}) ${S}`,$=`WITH swap AS (\n    UPDATE ${m} SET version = $2, value = $3, expires_at = ${T}\n    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())\n    ${v}) ${S}`
;async function _(e,t){try{const n=await w(e,t);return(Array.isArray(n)?n:n?.rows)?.[0]}catch(e){const t=i(e)
;throw"42P01"===t.code&&(t.message+=". Create it by store.createTable(), or with createTableSql()"),t}}async function A(e,t){const n=await _(e,t)
;if(Number(n?.now)>0)return n;throw new Error('the client gave no row that is an object with a column "now"')}return{async load(e){
const{now:t,standby:n,version:r,value:o}=await A(N,[e]);if(d(n))throw new Error("this server is a standby, so its records may be old: connect to the primary")
;return{record:"string"==typeof r?{version:r,value:o}:null,now:Number(t)}},async compareAndSwap(e,t,n,{ttlMs:r}){!function({value:e}){
if(!1===e.isWellFormed?.())throw o("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(n)
;const a=[e,n.version,n.value,String(r)];try{const e=null===t?A(O,a):A($,[...a,t]),{now:n,swapped:r}=await e;return{swapped:d(r),now:Number(n)}}catch(e){
if("40001"===e.code)return{swapped:!1};throw e}},async createTable(){try{await _(createTableSql(r),[])}catch(e){
await _(`SELECT FROM ${m} LIMIT 0`,[]).catch(()=>{throw e})}},...E&&{watch:(g=E,(e,t)=>{let n=!1;const r=g(e,()=>{n||t()});return()=>{n||r(),n=!0}})}};var g}
function d(e){return["true","t","1"].includes(String(e))}
var p=[["Sequelize","query define authenticate"],["a client of MySQL","query escapeId"],["a client of SQLite","query prepare"],["a model of Objection","query relatedQuery"],["Knex","raw batchInsert"],["Prisma","$queryRaw"],["Kysely","selectFrom"],["Drizzle","select execute"]]
;function y(e){const t="string"==typeof e?e.split("."):[];if(t.length<1||t.length>2||t.some(e=>!/^[^"\0]{1,63}$/.test(e))){
throw o(`table: expected a table's name, or schema.name, found ${"string"==typeof e?JSON.stringify(e):a(e)}`,"It is quoted, so case matters.")}
return t.map(e=>`"${e}"`).join(".")}export{createTableSql,postgresStore};