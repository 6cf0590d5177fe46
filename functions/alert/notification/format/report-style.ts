/** The style of a report: phone first, wider from 60 em, black on white when printed. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #fff; --line: #d0d7de; --data: #fff4d6;
  --code: #f3f5f7; --accent: #9a3412; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --dim: #9aa4ae; --paper: #14171a; --line: #3a424a; --data: #3a3115; --code: #1f2429;
    --accent: #fdba74; } }
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
article { max-width: 60rem; margin: 0 auto; padding: 1rem; }
article + article { border-top: 2px solid var(--line); margin-top: 2rem; }
h1 { font-size: 1.3rem; line-height: 1.3; margin: .25rem 0 .75rem; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p, ul, dl { margin: .4rem 0; }
ul { padding-left: 1.2rem; }
.badge { display: inline-block; margin: 0; padding: 0 .5rem; border-radius: 1rem; font-size: .85rem;
  color: var(--paper); background: var(--dim); }
.suspicious .badge { background: var(--accent); }
code, pre { font: .875em/1.45 ui-monospace, "Cascadia Mono", Consolas, "Noto Sans Mono CJK SC", monospace; }
code { background: var(--code); padding: 0 .2em; border-radius: .2em; overflow-wrap: anywhere;
  white-space: pre-wrap; }
code.data { background: var(--data); unicode-bidi: isolate; }
code.short { white-space: nowrap; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .3rem; padding: .5rem; margin: .3rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { background: none; padding: 0; font-size: 1em; -webkit-user-select: all; user-select: all; }
dt { color: var(--dim); font-size: .85rem; }
dd { margin: 0; }
dl.rows > div, dl.first > div { margin: 0 0 .35rem; }
dl.first > div { display: grid; grid-template-columns: 5rem 1fr; column-gap: .5rem; margin: 0 0 .2rem; }
dl.first dd { grid-column: 2; font-size: .85rem; line-height: 1.35; }
dl.first dt { font-size: .8rem; }
.number { color: var(--dim); font-variant-numeric: tabular-nums; }
figure { margin: .75rem 0; }
small { display: block; color: var(--dim); }
.left-out { color: var(--dim); }
.depth2 { margin-left: .75rem; } .depth3 { margin-left: 1.5rem; } .depth4 { margin-left: 2.25rem; }
.depth5 { margin-left: 3rem; } .depth6 { margin-left: 3.75rem; }
nav { font-size: .9rem; } nav ol { padding-left: 1.2rem; }
summary { cursor: pointer; color: var(--dim); }
a { color: inherit; }
footer { margin-top: 2rem; color: var(--dim); font-size: .9rem; }
@media (max-width: 59.99em) { article { padding: .5rem .6rem; } h1 { font-size: 1.05rem; margin: .2rem 0 .4rem; } }
@media (min-width: 60em) {
  dl.rows > div, dl.first > div { display: grid; grid-template-columns: 8rem 1fr; column-gap: .5rem; }
  dl dd { grid-column: 2; } dl.first dd { font-size: 1rem; line-height: 1.45; } dl.first dt { font-size: .85rem; }
  nav ol { columns: 2; } }
@media print {
  :root { color-scheme: light; --ink: #000; --dim: #333; --paper: #fff; --line: #999; --data: #fff; --code: #fff; }
  code.data { outline: 1px dotted #999; }
  .badge, .suspicious .badge { color: #000; background: none; border: 1px solid #000; }
  nav { display: none; } figure, dl > div, .step { break-inside: avoid; } h2, h3 { break-after: avoid; }
  body { font-size: 10pt; } article { max-width: none; padding: 0; } }
`;
