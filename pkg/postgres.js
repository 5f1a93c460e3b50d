function e(e,t){let n=e;for(let o=0;o<32;o++){if(Object.hasOwn(n,t))return e[t];if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}
var t=Symbol("unreadable");function n(n,o){const r=Object.create(null);for(const s of o.split(" "))try{const t=e(n,s);void 0!==t&&(r[s]=t)}catch{r[s]=t}
const s=function(e,t){try{const n=t.split(" "),o=Reflect.ownKeys(e).find(e=>"string"==typeof e&&!n.includes(e));return o?.slice(0,200)}catch{return}}(n,o)
;return void 0!==s&&(r[s]=void 0),r}import{DarajaError}from"daraja-auth";function o(e,t){return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:!1,hint:t})}function r(e){return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}function s(e,t){const n=e
;return t.split(" ").every(e=>"function"==typeof n?.[e])}var a=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function i(e){
if(!s(e,"on listenerCount"))return;const t=e;0===t.listenerCount("error")&&t.on("error",()=>{})}
var c="daraja_auth_tokens",l="daraja_auth",u="floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";function createTableSql(e=c){
return`CREATE TABLE IF NOT EXISTS ${p(e)} (\n  key text PRIMARY KEY,\n  version text NOT NULL,\n  value text NOT NULL,\n  expires_at timestamptz NOT NULL\n)`}
function postgresStore(e,t={}){const{table:d=c,listen:h}=n(t??{},"table listen"),y=function(e){const t=e
;if(s(t,"query define authenticate"))throw o("client: expected pg's Pool, postgres.js, or anything with query(text, values), found Sequelize","Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.")
;if(i(t),s(t,"query"))return(e,n)=>t.query(e,n);if(s(t,"unsafe"))return(e,n)=>t.unsafe(e,n)
;throw o(`client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${r(e)}`,"Make the client as you do elsewhere and pass it: postgresStore(new Pool({ connectionString })).")
}(e),w=p(d),E=void 0!==h&&function(e){if(s(e,"listen")){const t=e;return(e,n)=>{const o=Promise.resolve(t.listen(l,t=>{t===e&&n()}));return o.catch(()=>{}),
()=>{o.then(e=>(e.unlisten??e)()).catch(()=>{})}}}
if(!s(e,"on removeListener query")||"totalCount"in e)throw o(`listen: expected a session (pg's Client, postgres.js, PGlite), found ${s(e,"query")?"a pool":r(e)}`,"Notifications reach the session that asked for them: give it a connection of its own, past any pooler.")
;const t=e;return i(t),(e,n)=>{const o=({channel:t,payload:o})=>{t===l&&o===e&&n()};return t.on("notification",o),
Promise.resolve(t.query(`LISTEN ${l}`)).catch(()=>{}),()=>{t.removeListener("notification",o)}}
}(h),m=E?`RETURNING pg_notify('${l}', key)`:"RETURNING key",v=`SELECT ${u}, EXISTS (SELECT FROM swap) AS swapped`,S="clock_timestamp() + $4::float8 * interval '1 millisecond'",T=`SELECT ${u}, pg_is_in_recovery() AS standby, held.version, held.value\n    FROM (SELECT 1) AS one LEFT JOIN ${w} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`,g=`WITH swap AS (\n    INSERT INTO ${w} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${S})\n    ON CONFLICT (key) DO UPDATE\n      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at\n      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version\n    ${m}) ${v}`,N=`WITH swap AS (\n    UPDATE ${w} SET version = $2, value = $3, expires_at = ${S}\n    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())\n    ${m}) ${v}`
;async function _(e,t){try{const n=await y(e,t);return(Array.isArray(n)?n:n?.rows)?.[0]}catch(e){const t=function(e){
const{name:t,code:n=t,message:o,errors:r}=e??{},s=Array.isArray(r)?`none of several addresses answered: ${r[0]?.message}`:n,[i]=String(o||s).split(", command was:")
;let c="";return a.test(String(n))&&(c=". Name its authority's file in NODE_EXTRA_CA_CERTS"),
"ETIMEDOUT"===n&&Array.isArray(r)&&(c=". Raise Node's --network-family-autoselection-attempt-timeout"),Object.assign(new Error(i+c),{code:n})}(e)
;throw"42P01"===t.code&&(t.message+=". Create it by store.createTable(), or with createTableSql()"),t}}async function A(e,t){const n=await _(e,t)
;if(Number(n?.now)>0)return n;throw new Error("the client gave something else than rows that are objects with the column now")}return{async load(e){
const{now:t,standby:n,version:o,value:r}=await A(T,[e]);if(f(n))throw new Error("this server is a standby, whose records may be old: connect to the primary")
;return{record:"string"==typeof o?{version:o,value:r}:null,now:Number(t)}},async compareAndSwap(e,t,n,{ttlMs:r}){!function({value:e}){
if(!1===e.isWellFormed?.())throw o("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(n)
;const s=[e,n.version,n.value,String(r)];try{const e=null===t?A(g,s):A(N,[...s,t]),{now:n,swapped:o}=await e;return{swapped:f(o),now:Number(n)}}catch(e){
if("40001"===e.code)return{swapped:!1};throw e}},async createTable(){try{await _(createTableSql(d),[])}catch(e){
await _(`SELECT FROM ${w} LIMIT 0`,[]).catch(()=>{throw e})}},...E&&{watch:(O=E,(e,t)=>{let n=!1;const o=O(e,()=>{n||t()});return()=>{n||o(),n=!0}})}};var O}
function f(e){return!0===e||"t"===e}function p(e){const t="string"==typeof e?e.split("."):[];if(t.length<1||t.length>2||t.some(e=>!/^[^"\0]{1,63}$/.test(e))){
throw o(`table: expected a table's name, or schema.name, found ${"string"==typeof e?JSON.stringify(e):r(e)}`,"It is quoted, so case matters.")}
return t.map(e=>`"${e}"`).join(".")}export{createTableSql,postgresStore};