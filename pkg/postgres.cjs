"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var n=Object.getOwnPropertyNames;var r=Object.prototype.hasOwnProperty
;var o=(t,n)=>{for(var r in n)e(t,r,{get:n[r],enumerable:true})};var s=(o,s,a,i)=>{if(s&&typeof s==="object"||typeof s==="function"){
for(let c of n(s))if(!r.call(o,c)&&c!==a)e(o,c,{get:()=>s[c],enumerable:!(i=t(s,c))||i.enumerable})}return o};var a=t=>s(e({},"__esModule",{value:true}),t)
;var i={};o(i,{createTableSql:()=>createTableSql,postgresStore:()=>postgresStore});module.exports=a(i);var c=32;function l(e,t){let n=e;for(let r=0;r<c;r++){
if(Object.hasOwn(n,t))return e[t];n=Object.getPrototypeOf(n);if(n===null||Object.getPrototypeOf(n)===null)return void 0}return void 0}var u=Symbol("unreadable")
;function f(e,t){const n=Object.create(null);for(const r of t.split(" ")){try{const t=l(e,r);if(t!==void 0)n[r]=t}catch{n[r]=u}}const r=p(e,t)
;if(r!==void 0)n[r]=void 0;return n}function p(e,t){try{const n=t.split(" ");const r=Reflect.ownKeys(e).find(e=>typeof e==="string"&&!n.includes(e))
;return r?.slice(0,200)}catch{return void 0}}var d=require("daraja-auth");function y(e,t){return new d.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:false,hint:t})}function v(e){if(e===null||e===void 0)return String(e);return typeof e==="object"?"an object":`a ${typeof e}`}function h(e,t){const n=e
;return t.split(" ").every(e=>typeof n?.[e]==="function")}function w({value:e}){if(e.isWellFormed?.()!==false)return
;throw y("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}
var m=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function E(e){const{name:t,code:n=t,message:r,errors:o}=e??{}
;const s=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:n;const[a]=String(r||s).split(", command was:");let i=""
;if(m.test(String(n)))i=". Name its authority's file in NODE_EXTRA_CA_CERTS";if(n==="ETIMEDOUT"&&Array.isArray(o)){
i=". Raise Node's --network-family-autoselection-attempt-timeout"}return Object.assign(new Error(a+i),{code:n})}function S(e){if(!h(e,"on listenerCount"))return
;const t=e;if(t.listenerCount("error")===0)t.on("error",()=>{})}function g(e){return(t,n)=>{let r=false;const o=e(t,()=>{if(!r)n()});return()=>{if(!r)o();r=true
}}}var T="daraja_auth_tokens";var O="daraja_auth";var b="floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";function createTableSql(e=T){
return`CREATE TABLE IF NOT EXISTS ${A(e)} (\n  key text PRIMARY KEY,\n  version text NOT NULL,\n  value text NOT NULL,\n  expires_at timestamptz NOT NULL\n)`}
function postgresStore(e,t={}){const{table:n=T,listen:r}=f(t??{},"table listen");const o=_(e);const s=A(n);const a=r!==void 0&&$(r)
;const i=a?`RETURNING pg_notify('${O}', key)`:"RETURNING key";const c=`SELECT ${b}, EXISTS (SELECT FROM swap) AS swapped`
;const l="clock_timestamp() + $4::float8 * interval '1 millisecond'"
;const u=`SELECT ${b}, pg_is_in_recovery() AS standby, held.version, held.value\n    FROM (SELECT 1) AS one LEFT JOIN ${s} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`
;const p=`WITH swap AS (\n    INSERT INTO ${s} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${l})\n    ON CONFLICT (key) DO UPDATE\n      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at\n      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version\n    ${i}) ${c}`
;const d=`WITH swap AS (\n    UPDATE ${s} SET version = $2, value = $3, expires_at = ${l}\n    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())\n    ${i}) ${c}`
;async function y(e,t){try{const n=await o(e,t);return(Array.isArray(n)?n:n?.rows)?.[0]}catch(e){const t=E(e)
;if(t.code==="42P01")t.message+=". Create it by store.createTable(), or with createTableSql()";throw t}}async function v(e,t){const n=await y(e,t)
;if(Number(n?.now)>0)return n;throw new Error("the client gave something else than rows that are objects with the column now")}return{async load(e){
const{now:t,standby:n,version:r,value:o}=await v(u,[e]);if(N(n))throw new Error("this server is a standby, whose records may be old: connect to the primary")
;const s=typeof r==="string"?{version:r,value:o}:null;return{record:s,now:Number(t)}},async compareAndSwap(e,t,n,{ttlMs:r}){w(n)
;const o=[e,n.version,n.value,String(r)];try{const e=t===null?v(p,o):v(d,[...o,t]);const{now:n,swapped:r}=await e;return{swapped:N(r),now:Number(n)}}catch(e){
if(e.code==="40001")return{swapped:false};throw e}},async createTable(){try{await y(createTableSql(n),[])}catch(e){
await y(`SELECT FROM ${s} LIMIT 0`,[]).catch(()=>{throw e})}},...a&&{watch:g(a)}}}function N(e){return e===true||e==="t"}function _(e){const t=e
;if(h(t,"query define authenticate")){
throw y("client: expected pg's Pool, postgres.js, or anything with query(text, values), found Sequelize","Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.")
}S(t);if(h(t,"query"))return(e,n)=>t.query(e,n);if(h(t,"unsafe"))return(e,n)=>t.unsafe(e,n)
;throw y(`client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${v(e)}`,"Make the client as you do elsewhere and pass it: postgresStore(new Pool({ connectionString })).")
}function A(e){const t=typeof e==="string"?e.split("."):[];if(t.length<1||t.length>2||t.some(e=>!/^[^"\0]{1,63}$/.test(e))){
const t=typeof e==="string"?JSON.stringify(e):v(e);throw y(`table: expected a table's name, or schema.name, found ${t}`,"It is quoted, so case matters.")}
return t.map(e=>`"${e}"`).join(".")}function $(e){if(h(e,"listen")){const t=e;return(e,n)=>{const r=Promise.resolve(t.listen(O,t=>void(t===e&&n())))
;r.catch(()=>{});return()=>{r.then(e=>(e.unlisten??e)()).catch(()=>{})}}}if(!h(e,"on removeListener query")||"totalCount"in e){
throw y(`listen: expected a session (pg's Client, postgres.js, PGlite), found ${h(e,"query")?"a pool":v(e)}`,"Notifications reach the session that asked for them: give it a connection of its own, past any pooler.")
}const t=e;S(t);return(e,n)=>{const r=({channel:t,payload:r})=>void(t===O&&r===e&&n());t.on("notification",r)
;Promise.resolve(t.query(`LISTEN ${O}`)).catch(()=>{});return()=>void t.removeListener("notification",r)}}0&&(module.exports={createTableSql,postgresStore});