import{DarajaError as e,isTokenRejected}from"daraja-auth";import{DarajaError}from"daraja-auth";function t(e,t){return new DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function r(e){return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}
function withDaraja(i,c){const{defaults:u,interceptors:f,create:l}=i??{};if(!u||"function"!=typeof f?.request?.use||"function"!=typeof l){
const e="Pass axios.create() of axios 1, or of axios 0.22 or later.";throw t(`client: expected a client of axios, found ${r(i)}`,e)}
if("function"!=typeof c?.getToken||"string"!=typeof c.baseUrl){const e="Pass the TokenManager of the app: withDaraja(axios.create(), tokens)."
;throw t(`tokens: expected a TokenManager, found ${r(c)}`,e)}u.baseURL??=c.baseUrl;const p=function(e){const t=e()
;for(const e of Object.keys(t.defaults))delete t.defaults[e];return t.defaults.headers={},t}(l);return f.request.use(r=>({...r,
adapter:i=>async function(r,i,c,u){const f=function({url:e="",baseURL:r="",allowAbsoluteUrls:n=!0},a){
const o=/^([a-z][a-z\d+\-.]*:)?\/\//i.test(e)&&n,s=o||!r?e:`${r.replace(/\/+$/,"")}/${e.replace(/^\/+/,"")}`;let i;try{const e=new URL(s);if(i=e.origin,
i===new URL(a).origin&&e.protocol===new URL(a).protocol)return e}catch{}
throw t("url: expected one of the environment's origin, found "+(void 0===i?"no URL":"another origin"),"The token goes to the environment's host, or to baseUrl, only. Use another client of axios for others.")
}(r,u.baseUrl),{signal:l}=r,p=async e=>{const t=await c.request({...r,adapter:i.adapter,headers:{...s(r.headers),Authorization:`Bearer ${e}`},auth:void 0,
maxRedirects:0,fetchOptions:{...r.fetchOptions,redirect:"manual"},transformRequest:n,transformResponse:n}).then(e=>({answer:e,failure:void 0}),e=>({
answer:e?.response,failure:e}));return o(t.answer,r),o(t.failure,r),t},{accessToken:d}=await u.getToken(l&&{signal:l}),h=await p(d),w=f.pathname
;h.answer&&h.answer.status<300&&u.accepted(d,{endpoint:w});if(!h.answer||!await async function({status:e,data:t}){
const r="string"==typeof t||t instanceof ArrayBuffer||ArrayBuffer.isView(t);return!!(e>=400&&e<=599&&r)&&isTokenRejected(new Response(t,{status:e}))
}(h.answer))return a(h);const y=u.report(d,{endpoint:w});let b;try{({accessToken:b}=await async function(e,t){if(!t)return e;let r;const n=new Promise((e,n)=>{
r=()=>n(t.reason),t.addEventListener("abort",r),t.aborted&&r()});try{return await Promise.race([e,n])}finally{e.catch(()=>{}),
r&&t.removeEventListener("abort",r)}}(y,l))}catch(t){return h.failure&&t instanceof e&&Object.defineProperty(h.failure,"cause",{value:t}),a(h)}
return function(e){const t=e;return["getReader","pipe",Symbol.asyncIterator].some(e=>"function"==typeof t?.[e])}(r.data)?a(h):a(await p(b))}(i,r,p,c)})),i}
var n=[e=>e];function a({answer:e,failure:t}){if(t||!e)throw t;return e}function o(e,t){e?.config&&(e.config=t,e.request&&Object.defineProperty(e,"request",{
value:e.request,enumerable:!1}))}function s(e){return Object.fromEntries(Object.entries(e??{}).filter(([e])=>"authorization"!==e.toLowerCase()))}
export{withDaraja};