"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var n=Object.prototype.hasOwnProperty
;var o=(t,r)=>{for(var n of Object.keys(r))e(t,n,{get:r[n],enumerable:true})};var s=(o,s,a,i)=>{if(s&&typeof s==="object"||typeof s==="function"){
for(let c of r(s))if(!n.call(o,c)&&c!==a)e(o,c,{get:()=>s[c],enumerable:!(i=t(s,c))||i.enumerable})}return o};var a=t=>s(e({},"__esModule",{value:true}),t)
;var i={};o(i,{createTableSql:()=>createTableSql,postgresStore:()=>postgresStore});module.exports=a(i);var c=32;function l(e,t){let r=e;for(let n=0;n<c;n++){
if(Object.hasOwn(r,t))return e[t];r=Object.getPrototypeOf(r);if(r===null||Object.getPrototypeOf(r)===null)return void 0}return void 0}var u=Symbol("unreadable")
;function f(e,t){const r=Object.create(null);for(const n of t.split(", ")){try{const t=l(e,n);if(t!==void 0)r[n]=t}catch{r[n]=u}}const n=d(e,t)
;if(n!==void 0)r[n]=void 0;return r}function d(e,t){try{const r=t.split(", ");const n=Reflect.ownKeys(e).find(e=>typeof e==="string"&&!r.includes(e))
;return n?.slice(0,200)}catch{return void 0}}var p="Name its authority's file in NODE_EXTRA_CA_CERTS"
;var y="Raise Node's --network-family-autoselection-attempt-timeout";var v=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/
;function h({code:e,errors:t}){if(v.test(String(e)))return p;if(!Array.isArray(t))return void 0;return[e,...t.map(e=>e?.code)].includes("ETIMEDOUT")?y:void 0}
var m=require("daraja-auth");function w(e,t){return new m.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function E(e){
if(e===null||e===void 0)return String(e);return typeof e==="object"?"an object":`a ${typeof e}`}function S(e,t){const r=e
;return t.split(" ").every(e=>typeof r?.[e]==="function")}function O({value:e}){if(e.isWellFormed?.()!==false)return
;throw w("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}function T(e){
const{name:t,code:r=t,message:n,errors:o}=e??{};const s=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:r
;const[a]=String(n||s).split(", command was:");const i=h({code:r,errors:o});return Object.assign(new Error(i?`${a}. ${i}`:a),{code:r})}function b(e){
if(!S(e,"on listenerCount"))return;const t=e;if(t.listenerCount("error")===0)t.on("error",()=>{})}function g(e){return(t,r)=>{let n=false;const o=e(t,()=>{
if(!n)r()});return()=>{if(!n)o();n=true}}}var N="daraja_auth_tokens";var _="daraja_auth"
;var $="floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";function createTableSql(e=N){
return`CREATE TABLE IF NOT EXISTS ${L(e)} (\n  key text PRIMARY KEY,\n  version text NOT NULL,\n  value text NOT NULL,\n  expires_at timestamptz NOT NULL\n)`}
function postgresStore(e,t={}){const{table:r=N,listen:n}=f(t??{},"table, listen");const o=x(e);const s=L(r);const a=n!==void 0&&I(n)
;const i=a?`RETURNING pg_notify('${_}', key)`:"RETURNING key";const c=`SELECT ${$}, EXISTS (SELECT FROM swap) AS swapped`
;const l="clock_timestamp() + $4::float8 * interval '1 millisecond'"
;const u=`SELECT ${$}, pg_is_in_recovery() AS standby, held.version, held.value\n    FROM (SELECT 1) AS one LEFT JOIN ${s} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`
;const d=`WITH swap AS (\n    INSERT INTO ${s} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${l})\n    ON CONFLICT (key) DO UPDATE\n      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at\n      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version\n    ${i}) ${c}`
;const p=`WITH swap AS (\n    UPDATE ${s} SET version = $2, value = $3, expires_at = ${l}\n    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())\n    ${i}) ${c}`
;async function y(e,t){try{const r=await o(e,t);return(Array.isArray(r)?r:r?.rows)?.[0]}catch(e){const t=T(e)
;if(t.code==="42P01")t.message+=". Create it by store.createTable(), or with createTableSql()";throw t}}async function v(e,t){const r=await y(e,t)
;if(Number(r?.now)>0)return r;throw new Error('the client gave no row that is an object with a column "now"')}return{async load(e){
const{now:t,standby:r,version:n,value:o}=await v(u,[e]);if(A(r))throw new Error("this server is a standby, so its records may be old: connect to the primary")
;const s=typeof n==="string"?{version:n,value:o}:null;return{record:s,now:Number(t)}},async compareAndSwap(e,t,r,{ttlMs:n}){O(r)
;const o=[e,r.version,r.value,String(n)];try{const e=t===null?v(d,o):v(p,[...o,t]);const{now:r,swapped:n}=await e;return{swapped:A(n),now:Number(r)}}catch(e){
if(e.code==="40001")return{swapped:false};throw e}},async createTable(){try{await y(createTableSql(r),[])}catch(e){
await y(`SELECT FROM ${s} LIMIT 0`,[]).catch(()=>{throw e})}},...a&&{watch:g(a)}}}function A(e){return["true","t","1"].includes(String(e))}
var R=[["Sequelize","query define authenticate"],["a client of MySQL","query escapeId"],["a client of SQLite","query prepare"],["a model of Objection","query relatedQuery"],["Knex","raw batchInsert"],["Prisma","$queryRaw"],["Kysely","selectFrom"],["Drizzle","select execute"]]
;function x(e){const t=e;const[r]=R.find(([,e])=>S(t,e))??[];if(!r&&S(t,"query")){b(t);return(e,r)=>t.query(e,r)}if(!r&&S(t,"unsafe"))return(e,r)=>t.unsafe(e,r)
;throw w(`client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${r??E(e)}`,"Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.")
}function L(e){const t=typeof e==="string"?e.split("."):[];if(t.length<1||t.length>2||t.some(e=>!/^[^"\0]{1,63}$/.test(e))){
const t=typeof e==="string"?JSON.stringify(e):E(e);throw w(`table: expected a table's name, or schema.name, found ${t}`,"It is quoted, so case matters.")}
return t.map(e=>`"${e}"`).join(".")}function I(e){if(S(e,"listen")){const t=e;return(e,r)=>{const n=Promise.resolve(t.listen(_,t=>void(t===e&&r())))
;n.catch(()=>{});return()=>{n.then(e=>(e.unlisten??e)()).catch(()=>{})}}}if(!S(e,"on removeListener query")||"totalCount"in e){
throw w(`listen: expected a session (pg's Client, postgres.js, PGlite), found ${"totalCount"in Object(e)?"a pool":E(e)}`,"Notifications reach the session that asked for them: give the store its own, past any pooler.")
}const t=e;b(t);return(e,r)=>{const n=({channel:t,payload:n})=>void(t===_&&n===e&&r());t.on("notification",n)
;Promise.resolve(t.query(`LISTEN ${_}`)).catch(()=>{});return()=>void t.removeListener("notification",n)}}0&&(module.exports={createTableSql,postgresStore});