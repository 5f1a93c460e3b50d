"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var conformance_exports={};__export(conformance_exports,{storeConformance:()=>storeConformance});module.exports=__toCommonJS(conformance_exports);var import_daraja_auth=require("daraja-auth");function invalidOption(message,hint){return new import_daraja_auth.DarajaError(message,{code:"ERR_DARAJA_INVALID_O\
PTION",retryable:!1,hint})}function kindOf(value){return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}function hasMethods(value,methods){
let object=value;return methods.split(" ").every(name=>typeof object?.[name]=="function")}var TimeoutError=class extends Error{};function unique(){let bytes=crypto.getRandomValues(new Uint8Array(16));return Array.from(bytes,byte=>byte.toString(16).padStart(
2,"0")).join("")}var newRecord=value=>({version:unique(),value});async function load(store,key){let answer=await store.load(key);if(answer===null||typeof answer!=
"object"||answer.record===void 0)throw mismatch("load","{ record, now? }",answer);let{record}=answer;return record===null?null:{version:record.version,value:record.
value}}async function swap(store,key,expected,record,ttlMs=6e4){let answer=await store.compareAndSwap(key,expected,record,{ttlMs});if(typeof answer?.swapped!="b\
oolean")throw mismatch("compareAndSwap","{ swapped, now? }",answer);return answer.swapped}async function assertSwaps(store,key,expected,record,ttlMs){let what=`\
swapped, with the expectation ${expected}`;assertSame(await swap(store,key,expected,record,ttlMs),!0,what)}async function assertDoesNotSwap(store,key,expected,record){
assertSame(await swap(store,key,expected,record),!1,`swapped, with the expectation ${expected}`)}async function assertOneWinner(key,expected,ours,theirs){let records=Array.
from({length:200},(_,i)=>newRecord(`value ${i}`)),swapped=await Promise.all(records.map((record,i)=>swap((i%2===0?ours:theirs).store,key,expected,record))),winners=records.
filter((_,i)=>swapped[i]);assertSame(winners.length,1,"the number of winners");for(let{store}of[ours,theirs])assertSame(await load(store,key),winners[0],"the re\
cord")}async function outcome(run){try{return{value:await run()}}catch(error){if(error instanceof TimeoutError)throw error;return{error:error??new Error("reject\
ed with nothing")}}}function assertSame(found,expected,what){if(JSON.stringify(found)!==JSON.stringify(expected))throw mismatch(what,JSON.stringify(expected),found)}
function mismatch(what,expected,found){let cut=text=>text!==void 0&&text.length>300?`${text.slice(0,300)}\u2026 (${text.length} characters)`:text;return new Error(
`${what}: expected ${cut(expected)}, found ${cut(JSON.stringify(found))}`)}var SHORT_MS=300,STRANGE=["",` 	\r
 `,'\'"\\`$1 %s {"a":"b"}',"null","12345678901234567890","Z\xFCRiCh \xE9 e\u0301 \u4E2D\u6587 \u0627\u0644 \uFEFF\u2028\uFFFD","\u{1F600}\u{1F468}\u200D\u{1F469}"],
IMPOSSIBLE_FOR_SOME=["a\0b","half \uD83D pair"],KEYS=["",":","/",":a/b","/a:b",":a:b","%3Aa%2Fb","/../a",":A/b"," a","*",`:${"a".repeat(200)}`],TESTS={async"a k\
ey that was never written has no record"({key,ours:{store}}){assertSame(await load(store,key),null,"the record")},async"what one instance swaps in, another load\
s, and then replaces"({key,ours,theirs}){let first=newRecord("first"),second=newRecord("second");await assertSwaps(ours.store,key,null,first),assertSame(await load(
theirs.store,key),first,"the record"),await assertSwaps(theirs.store,key,first.version,second),assertSame(await load(ours.store,key),second,"the record")},async"\
200 concurrent creates have one winner"({key,ours,theirs}){await assertOneWinner(key,null,ours,theirs)},async"200 concurrent swaps from the same version have on\
e winner"({key,ours,theirs}){let first=newRecord("first");await assertSwaps(ours.store,key,null,first),await assertOneWinner(key,first.version,ours,theirs)},async"\
a null expectation is refused where there is a record"({key,ours:{store}}){let first=newRecord("first");await assertSwaps(store,key,null,first),await assertDoesNotSwap(
store,key,null,newRecord("second")),assertSame(await load(store,key),first,"the record")},async"an expected version is refused where there is no record"({key,ours:{
store}}){await assertDoesNotSwap(store,key,unique(),newRecord("first")),assertSame(await load(store,key),null,"the record")},async"a stale version is refused"({
key,ours,theirs}){let[first,second]=[newRecord("first"),newRecord("second")];await assertSwaps(ours.store,key,null,first),await assertSwaps(theirs.store,key,first.
version,second),await assertDoesNotSwap(ours.store,key,first.version,newRecord("third")),assertSame(await load(theirs.store,key),second,"the record")},async"ver\
sions are the caller's and are never reused"({key,ours:{store}}){let past=[],expected=null;for(let value of["a","b","a","b"]){let now=newRecord(value);await assertSwaps(
store,key,expected,now),assertSame(await load(store,key),now,"the record");for(let version of past)await assertDoesNotSwap(store,key,version,newRecord("from the\
 past"));past.push(now.version),expected=now.version}},async"an expired record is no record"({key,ours,theirs,eventually:eventually2}){let first=newRecord("firs\
t");await assertSwaps(ours.store,key,null,first,SHORT_MS),await eventually2("the record expires",async()=>await load(theirs.store,key)===null),await assertDoesNotSwap(
ours.store,key,first.version,newRecord("second"));let third=newRecord("third");await assertSwaps(theirs.store,key,null,third),await assertDoesNotSwap(ours.store,
key,first.version,newRecord("fourth")),assertSame(await load(ours.store,key),third,"the record")},async"a swap sets the time to live anew"({key,ours:{store},eventually:eventually2}){
let[first,second]=[newRecord("first"),newRecord("second")];await assertSwaps(store,key,null,first,10*SHORT_MS),await assertSwaps(store,key,first.version,second),
await assertSwaps(store,`${key}:other`,null,newRecord("other"),10*SHORT_MS),await eventually2("the record beside it expires",async()=>await load(store,`${key}:o\
ther`)===null),assertSame(await load(store,key),second,"the record"),await assertSwaps(store,key,second.version,newRecord("third"),SHORT_MS),await eventually2("\
the record expires",async()=>await load(store,key)===null)},async"a large value comes back as it was"({key,ours,theirs}){let large=newRecord(`{"token":"${"a\xE9\u20AC".
repeat(10922)}"}`);await assertSwaps(ours.store,key,null,large),assertSame(await load(theirs.store,key),large,"the record")},async"a strange value comes back as\
 it was"({key,ours,theirs}){let expected=null;for(let value of STRANGE){let strange=newRecord(value);await assertSwaps(ours.store,key,expected,strange),assertSame(
await load(theirs.store,key),strange,"the record"),expected=strange.version}},async"a value that the engine cannot hold is refused by an error, not changed"({key,
ours,theirs}){for(let[i,value]of IMPOSSIBLE_FOR_SOME.entries()){let strange=newRecord(value),attempt=await outcome(()=>ours.store.compareAndSwap(`${key}:${i}`,null,
strange,{ttlMs:6e4}));assertSame(await load(theirs.store,`${key}:${i}`),attempt.error?null:strange,"the record")}},async"keys with colons and slashes do not col\
lide"({key,ours,theirs}){let records=KEYS.map(end=>[`${key}${end}`,newRecord(`the value of "${end}"`)]);for(let[name,record]of records)await assertSwaps(ours.store,
name,null,record);for(let[name,record]of records)assertSame(await load(theirs.store,name),record,`the record of ${name}`)},async"a load never sees half a swap"({
key,ours,theirs}){let current=newRecord("");await assertSwaps(ours.store,key,null,current);let loads=[];for(let swap2=0;swap2<30;swap2++){let version=unique();loads.
push(...[ours,theirs,theirs].map(({store})=>load(store,key)));let following={version,value:version.repeat(100)};await assertSwaps(ours.store,key,current.version,
following),current=following}for(let record of await Promise.all(loads))record?.value!==""&&assertSame(record?.value,record?.version.repeat(100),"the value besi\
de its version")},async"the store's clock is there with and without a record, and never goes backwards"({key,ours:{store}}){let first=newRecord("first"),clock=[
await store.load(key),await store.compareAndSwap(key,unique(),newRecord("lost"),{ttlMs:6e4}),await store.compareAndSwap(key,null,first,{ttlMs:6e4}),await store.
load(key),await store.compareAndSwap(key,null,newRecord("lost"),{ttlMs:6e4}),await store.compareAndSwap(key,first.version,newRecord("second"),{ttlMs:6e4})].map(
({now})=>now);if(clock.every(now=>now===void 0))return"the store has no clock";if(!clock.every(now=>Number.isFinite(now)))throw mismatch("now","a number in each\
 answer",clock);if(clock.some((now,i)=>i>0&&Number(now)<Number(clock[i-1])))throw mismatch("now","never less than before",clock)},async"watch wakes at another's\
 swap, until it is ended"({key,ours,theirs,eventually:eventually2}){if(typeof ours.store.watch!="function")return"the store has no watch";let expected=null,swap2=async()=>{
let following=newRecord("swapped");await assertSwaps(theirs.store,key,expected,following),expected=following.version};await swap2();let wakes=0,end=ours.store.watch(
key,()=>wakes++),woken=count=>async()=>(count()===0&&await swap2(),count()>0);await eventually2("the watch wakes",woken(()=>wakes)),end();let before=wakes,others=0,
endOther=ours.store.watch(key,()=>others++);await eventually2("the next watch wakes",woken(()=>others)),endOther(),endOther(),assertSame(wakes,before,"the wakes\
 of a watch that was ended")},async"a lost reply is no claim: what a swap says is what is there"({key,ours,theirs}){if(!ours.loseReply)return"makeStore gives no\
 loseReply";let[first,second]=[newRecord("first"),newRecord("second")];await assertSwaps(ours.store,key,null,first),await ours.loseReply();let{error,value}=await outcome(
()=>ours.store.compareAndSwap(key,first.version,second,{ttlMs:6e4})),record=await load(theirs.store,key);if(error||assertSame(value?.swapped,record?.version===second.
version,"swapped"),![first,second].some(({version})=>version===record?.version))throw mismatch("the record",`${JSON.stringify(first)} or ${JSON.stringify(second)}`,
record)},async"a dead connection becomes an error, for a load and for a swap"({key,ours}){if(!ours.cut)return"makeStore gives no cut";let first=newRecord("first");
await assertSwaps(ours.store,key,null,first),await ours.cut();let load2=await outcome(()=>ours.store.load(key));if(!load2.error)throw mismatch("load, cut off","\
an error",load2.value);let swap2=await outcome(()=>ours.store.compareAndSwap(key,first.version,newRecord("second"),{ttlMs:6e4}));if(!swap2.error)throw mismatch(
"compareAndSwap, cut off","an error",swap2.value)}};function storeConformance(makeStore,options={}){let{patienceMs=3e4}=options;if(typeof makeStore!="function")throw invalidOption(`makeStore: expected a function \
that makes a store, found ${kindOf(makeStore)}`,"storeConformance(() => store) is enough; better, each call makes one with a client of its own.");return Object.
entries(TESTS).map(([name,check])=>({name,run:async(...[context])=>{let key=`daraja-auth:conformance:${unique()}`,made=[],make=async()=>{let given=await makeStore(),
underTest=hasMethods(given,"compareAndSwap")?{store:given}:given;return made.push(underTest),{...underTest,store:withTimeLimit(underTest.store,patienceMs)}};try{
let ours=await make(),theirs=await make(),why=await check({key,ours,theirs,eventually:(what,isSo)=>eventually(patienceMs,what,isSo)});typeof why=="string"&&context?.
skip?.(why)}finally{for(let{close}of made)await close?.()}}}))}function withTimeLimit(store,ms){let timed=async(name,operation)=>{let timer,timeout=new Promise(
(_,reject)=>{timer=setTimeout(()=>reject(new TimeoutError(`${name} did not settle within ${ms} ms`)),ms)});try{return await Promise.race([operation(),timeout])}finally{
clearTimeout(timer)}},{watch}=store;return{load:(...args)=>timed("load",()=>store.load(...args)),compareAndSwap:(...args)=>timed("compareAndSwap",()=>store.compareAndSwap(
...args)),...watch&&{watch:(...args)=>watch.apply(store,args)}}}async function eventually(patienceMs,what,isSo){for(let look=0;look<patienceMs/20;look++){if(await isSo())
return;await new Promise(resolve=>setTimeout(resolve,20))}throw new Error(`expected that ${what}, which it did not`)}0&&(module.exports={storeConformance});
