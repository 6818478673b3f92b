/** The page's style: light and dark as the reader's machine is set, and for paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--soft:#f5f6f8;--ink:#1b1d21;--dim:#5c626b;--line:#dfe2e7;--accent:#1f6feb;--bad:#c0262d;--warn:#9a5b00;--good:#1a7f37;--unknown:#59636e}
@media (prefers-color-scheme:dark){:root{--bg:#15181c;--soft:#1e2227;--ink:#e7e9ec;--dim:#a0a7b0;--line:#343a42;--accent:#6ea8fe;--bad:#ff7b72;--warn:#e3a341;--good:#56d364;--unknown:#9aa4af}}
*{box-sizing:border-box}
html{scroll-padding-top:64px}
body{margin:0 auto;padding:24px 16px 80px;max-width:960px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{margin:4px 0 16px;font-size:26px;line-height:1.25}
h2{margin:40px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line);font-size:19px}
h3{margin:22px 0 6px;font-size:16px}
h4{margin:14px 0 4px;font-size:15px}
p{margin:6px 0}
a{color:var(--accent)}
dl,dd{margin:0}
.kicker{color:var(--dim)}
.answer{padding:14px 16px;border-left:4px solid var(--accent);border-radius:4px;background:var(--soft)}
.answer div+div{margin-top:10px}
.answer dt{color:var(--dim);font-size:13px}
.answer dd{font-size:17px}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:10px 24px;margin-top:18px;font-size:14px}
.facts dt{color:var(--dim);font-size:13px}
.chip{display:inline-block;padding:1px 8px;border:1px solid currentColor;border-radius:10px;color:var(--dim);font-size:12px;font-weight:600;white-space:nowrap}
.critical,.failed,.ineffective{color:var(--bad)}
.warning,.stale,.sev{color:var(--warn)}
.ok,.verified{color:var(--good)}
.unknown{color:var(--unknown)}
.bar{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:20px -16px 0;padding:10px 16px;border-bottom:1px solid var(--line);background:var(--bg)}
.bar nav{display:flex;flex-wrap:wrap;gap:4px 12px;font-size:14px}
.tools{display:none;flex:1 1 260px;gap:8px;align-items:center}
.js .tools{display:flex}
.tools input{flex:1;min-width:120px;padding:6px 10px;border:1px solid var(--line);border-radius:6px;background:var(--soft);color:inherit;font:inherit}
.tools button{padding:6px 10px;border:1px solid var(--line);border-radius:6px;background:var(--soft);color:inherit;font:inherit;cursor:pointer}
.tools output{color:var(--dim);font-size:13px;white-space:nowrap}
.timeline{margin:0;padding:0;list-style:none}
.timeline li{padding:5px 0 5px 14px;border-left:3px solid var(--line)}
.timeline .kind-finding,.timeline .kind-alert{border-color:var(--bad)}
.timeline .kind-fix{border-color:var(--good)}
.timeline .kind-page,.timeline .kind-update{border-color:var(--warn)}
.timeline .kind-message{border-color:var(--accent)}
.timeline a{color:inherit}
time{color:var(--dim);font-size:13px;font-variant-numeric:tabular-nums}
.message .by .day{display:none}
.message,.finding,.fix{padding:8px 12px;border-radius:6px}
.finding,.fix{margin:10px 0;border:1px solid var(--line)}
.fix h3{margin-top:0}
.long .message{content-visibility:auto;contain-intrinsic-size:auto 64px}
.oneday .day{display:none}
.message:target,.item:focus{background:var(--soft)}
.message.bot{background:var(--soft)}
.message.deleted .text{text-decoration:line-through;color:var(--dim)}
.text{white-space:pre-wrap}
.thread{margin:0 0 10px 24px;padding-left:12px;border-left:2px solid var(--line)}
.date{margin-top:18px;color:var(--dim)}
.note,.soft,.reaction{color:var(--dim);font-size:13px}
.reaction{margin-right:8px}
.warn{color:var(--warn)}
summary{color:var(--dim);font-size:14px;cursor:pointer}
pre{max-height:420px;margin:6px 0;padding:10px 12px;border-radius:6px;background:var(--soft);font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow:auto}
code{font:13px ui-monospace,monospace}
figure{margin:16px 0}
figcaption{font-weight:600}
.plot{overflow-x:auto}
.plot svg{display:block;max-width:100%;min-width:520px;height:auto}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:14px}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
[hidden]{display:none!important}
@media print{
:root{--bg:#fff;--soft:#f5f6f8;--ink:#000;--dim:#444;--line:#ccc;--accent:#000;--bad:#a00;--warn:#740;--good:#060;--unknown:#444}
body{max-width:none;padding:0;font-size:11pt}
.bar{display:none}
.long .message{content-visibility:visible}
.finding,.fix,figure,.message{break-inside:avoid}
details::details-content{content-visibility:visible;display:block;height:auto}
pre{max-height:none}
}
`;
