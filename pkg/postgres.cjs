"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var postgres_exports={};__export(postgres_exports,{createTableSql:()=>createTableSql,postgresStore:()=>postgresStore});module.exports=__toCommonJS(postgres_exports);function propertyOf(object,name){let holder=object;for(let classes=0;classes<32;classes++){if(Object.hasOwn(holder,name))return object[name];if(holder=Object.getPrototypeOf(
holder),holder===null||Object.getPrototypeOf(holder)===null)return}}var UNREADABLE=Symbol("unreadable");function copyOptions(object,names){let copy=Object.create(
null);for(let name of names.split(" "))try{let value=propertyOf(object,name);value!==void 0&&(copy[name]=value)}catch{copy[name]=UNREADABLE}let unknown=unknownOption(
object,names);return unknown!==void 0&&(copy[unknown]=void 0),copy}function unknownOption(options,known){try{let names=known.split(" ");return Reflect.ownKeys(options).find(name=>typeof name=="string"&&!names.includes(name))?.slice(
0,200)}catch{return}}var import_daraja_auth=require("daraja-auth");function invalidOption(message,hint){return new import_daraja_auth.DarajaError(message,{code:"ERR_DARAJA_INVALID_O\
PTION",retryable:!1,hint})}function kindOf(value){return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}function hasMethods(value,methods){
let object=value;return methods.split(" ").every(name=>typeof object?.[name]=="function")}function checkWellFormed({value}){if(value.isWellFormed?.()===!1)throw invalidOption("value: expected well-formed text, found half a surrogate pair","JSON.strin\
gify escapes it.")}var UNKNOWN_AUTHORITY=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function clientError(error){let{name,code=name,message,errors}=error??
{},first=Array.isArray(errors)?`none of several addresses answered: ${errors[0]?.message}`:code,[text]=String(message||first).split(", command was:"),hint="";return UNKNOWN_AUTHORITY.
test(String(code))&&(hint=". Name its authority's file in NODE_EXTRA_CA_CERTS"),code==="ETIMEDOUT"&&Array.isArray(errors)&&(hint=". Raise Node's --network-famil\
y-autoselection-attempt-timeout"),Object.assign(new Error(text+hint),{code})}function hearErrors(client){if(!hasMethods(client,"on listenerCount"))return;let emitter=client;
emitter.listenerCount("error")===0&&emitter.on("error",()=>{})}function watching(start){return(key,wake)=>{let isOver=!1,end=start(key,()=>{isOver||wake()});return()=>{isOver||end(),isOver=!0}}}var TABLE="daraja_auth_tokens",CHANNEL="daraja_auth",NOW="floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";function createTableSql(table=TABLE){
return`CREATE TABLE IF NOT EXISTS ${quoted(table)} (
  key text PRIMARY KEY,
  version text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL
)`}function postgresStore(client,options={}){let{table=TABLE,listen}=copyOptions(options??{},"table listen"),query=queryOf(client),name=quoted(table),watch=listen!==
void 0&&watchOf(listen),returning=watch?`RETURNING pg_notify('${CHANNEL}', key)`:"RETURNING key",outcome=`SELECT ${NOW}, EXISTS (SELECT FROM swap) AS swapped`,until="\
clock_timestamp() + $4::float8 * interval '1 millisecond'",load=`SELECT ${NOW}, pg_is_in_recovery() AS standby, held.version, held.value
    FROM (SELECT 1) AS one LEFT JOIN ${name} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`,create=`WITH swap AS (
    INSERT INTO ${name} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${until})
    ON CONFLICT (key) DO UPDATE
      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at
      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version
    ${returning}) ${outcome}`,replace=`WITH swap AS (
    UPDATE ${name} SET version = $2, value = $3, expires_at = ${until}
    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())
    ${returning}) ${outcome}`;async function run(text,values){try{let result=await query(text,values);return(Array.isArray(result)?result:result?.rows)?.[0]}catch(error){
let told=clientError(error);throw told.code==="42P01"&&(told.message+=". Create it by store.createTable(), or with createTableSql()"),told}}async function row(text,values){
let found=await run(text,values);if(Number(found?.now)>0)return found;throw new Error("the client gave something else than rows that are objects with the column\
 now")}return{async load(key){let{now,standby,version,value}=await row(load,[key]);if(isTrue(standby))throw new Error("this server is a standby, whose records m\
ay be old: connect to the primary");return{record:typeof version=="string"?{version,value}:null,now:Number(now)}},async compareAndSwap(key,expected,next,{ttlMs}){
checkWellFormed(next);let values=[key,next.version,next.value,String(ttlMs)];try{let swap=expected===null?row(create,values):row(replace,[...values,expected]),{
now,swapped}=await swap;return{swapped:isTrue(swapped),now:Number(now)}}catch(error){if(error.code==="40001")return{swapped:!1};throw error}},async createTable(){
try{await run(createTableSql(table),[])}catch(error){await run(`SELECT FROM ${name} LIMIT 0`,[]).catch(()=>{throw error})}},...watch&&{watch:watching(watch)}}}function isTrue(value){
return value===!0||value==="t"}function queryOf(given){let client=given;if(hasMethods(client,"query define authenticate"))throw invalidOption("client: expected \
pg's Pool, postgres.js, or anything with query(text, values), found Sequelize","Give the store a pool of its own: postgresStore(new Pool({ connectionString })),\
 of pg.");if(hearErrors(client),hasMethods(client,"query"))return(text,values)=>client.query(text,values);if(hasMethods(client,"unsafe"))return(text,values)=>client.
unsafe(text,values);throw invalidOption(`client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${kindOf(given)}`,"Make the client\
 as you do elsewhere and pass it: postgresStore(new Pool({ connectionString })).")}function quoted(table){let parts=typeof table=="string"?table.split("."):[];if(parts.
length<1||parts.length>2||parts.some(part=>!/^[^"\0]{1,63}$/.test(part))){let found=typeof table=="string"?JSON.stringify(table):kindOf(table);throw invalidOption(
`table: expected a table's name, or schema.name, found ${found}`,"It is quoted, so case matters.")}return parts.map(part=>`"${part}"`).join(".")}function watchOf(given){
if(hasMethods(given,"listen")){let session2=given;return(key,wake)=>{let listening=Promise.resolve(session2.listen(CHANNEL,payload=>{payload===key&&wake()}));return listening.
catch(()=>{}),()=>{listening.then(ending=>(ending.unlisten??ending)()).catch(()=>{})}}}if(!hasMethods(given,"on removeListener query")||"totalCount"in given)throw invalidOption(
`listen: expected a session (pg's Client, postgres.js, PGlite), found ${hasMethods(given,"query")?"a pool":kindOf(given)}`,"Notifications reach the session that\
 asked for them: give it a connection of its own, past any pooler.");let session=given;return hearErrors(session),(key,wake)=>{let hear=({channel,payload})=>{channel===
CHANNEL&&payload===key&&wake()};return session.on("notification",hear),Promise.resolve(session.query(`LISTEN ${CHANNEL}`)).catch(()=>{}),()=>{session.removeListener(
"notification",hear)}}}0&&(module.exports={createTableSql,postgresStore});
