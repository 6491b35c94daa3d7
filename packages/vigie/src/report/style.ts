import { tokens } from './tokens.ts'

const base = `
*{box-sizing:border-box}
html{font-size:16px;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums;scroll-padding-top:var(--s6)}
body{margin:0;font:400 var(--t-l)/var(--lh) var(--sans)}
h1,h2,h3,h4,p,ol,dl,dd,table{margin:0;padding:0}
h1,h2,h3,h4{font-weight:var(--w-strong);line-height:var(--lh-tight);text-wrap:balance}
ol{list-style:none}
a{color:var(--accent);text-underline-offset:2px;text-decoration-thickness:1px}
.mono,.name{font-family:var(--mono);font-size:.95em}
.name{overflow-wrap:anywhere}
svg{display:block;max-width:100%;overflow:visible}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:var(--r-s)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:0;background:var(--surface);padding:var(--s2) var(--s3);z-index:9}
.skip:focus{left:var(--s3);top:var(--s3)}
.num{text-align:right;white-space:nowrap}
.dim{color:var(--ink-3)}.soft{color:var(--ink-2)}.strong{font-weight:var(--w-strong)}
.int{color:var(--ink-2);white-space:nowrap}
.st{display:inline-flex;align-items:center;gap:5px;font-weight:var(--w-strong);white-space:nowrap}
.st svg{width:12px;height:12px;flex:none}
.ok{color:var(--ok)}.watch{color:var(--watch)}.act{color:var(--act)}.none{color:var(--none)}
`

const page = `
.wrap{max-width:1120px;margin:0 auto;padding:var(--s4) var(--s5) var(--s8)}
.mark{display:flex;align-items:center;gap:var(--s2);font-weight:var(--w-strong);padding-bottom:var(--s3)}
.mark svg{width:22px;height:22px;flex:none}
.scale{height:6px;border:1px solid var(--ink-2);background:repeating-linear-gradient(90deg,var(--ink-2) 0 28px,transparent 28px 56px)}
.meta{display:flex;flex-wrap:wrap;gap:2px var(--s5);color:var(--ink-2);font-size:var(--t-s);padding-top:var(--s3)}
.meta dt{display:inline;color:var(--ink-3)}.meta dd{display:inline;margin-left:5px;color:var(--ink)}.meta>div{min-width:0}
.verdict{padding:var(--s6) 0 var(--s5);max-width:50rem}
.verdict h1{font-size:var(--t-3xl);letter-spacing:-.015em;margin:var(--s2) 0 var(--s3)}
.verdict p{font-size:1.0625rem;color:var(--ink-2);max-width:44rem}
.stats{display:grid;grid-template-columns:repeat(4,1fr);border-top:1px solid var(--ink);border-bottom:var(--rule)}
.stats>dl{padding:var(--s3) var(--s4);border-left:var(--rule);min-width:0}.stats>dl:first-child{border-left:0;padding-left:0}
.stats dt{color:var(--ink-2);font-size:var(--t-s)}
.stats dd{font-size:var(--t-2xl);line-height:1.25;font-weight:var(--w-strong)}
.stats dd.sub{font-size:var(--t-s);font-weight:400;color:var(--ink-2);line-height:1.45}
.toc{display:flex;flex-wrap:wrap;gap:0 var(--s4);font-size:var(--t-s);padding-top:var(--s3)}
.toc a{padding:4px 0;display:inline-flex;align-items:center;min-height:24px}
section{padding-top:var(--s7)}
section>h2{font-size:var(--t-xl);margin-bottom:var(--s1)}
section>.lead{color:var(--ink-2);margin-bottom:var(--s4);max-width:46rem}
.todo{counter-reset:n;border-top:var(--rule)}
.todo li{counter-increment:n;display:grid;grid-template-columns:1.75rem minmax(0,1fr) minmax(0,14rem);gap:var(--s2) var(--s4);padding:var(--s3) 0;border-bottom:var(--rule)}
.todo li::before{content:counter(n);font-weight:var(--w-strong);color:var(--ink-3)}
.todo b{font-weight:var(--w-strong)}.todo .who{font-size:var(--t-s);color:var(--ink-2)}
details{border-top:var(--rule);padding:var(--s3) 0}details:last-of-type{border-bottom:var(--rule)}
summary{cursor:pointer;font-weight:var(--w-strong);min-height:24px}
details>div{padding:var(--s3) 0 var(--s2);color:var(--ink-2);font-size:var(--t-m);max-width:50rem}
details>div p+p{margin-top:var(--s2)}
.only-s{display:none}
footer{padding-top:var(--s6);color:var(--ink-3);font-size:var(--t-s)}footer p+p{margin-top:4px}
.cmd{background:var(--sunk);border:var(--rule);border-radius:var(--r-s);padding:1px 6px;font:var(--t-s)/1.6 var(--mono);overflow-wrap:anywhere}
`

const evidence = `
.feat{display:grid;grid-template-columns:minmax(0,14rem) minmax(0,1fr) 17.5rem;gap:var(--s3) var(--s5);padding:var(--s4) 0;border-top:var(--rule);break-inside:avoid}
.feat h3{font-size:var(--t-l);display:flex;gap:var(--s2)}.rank{color:var(--ink-3);font-weight:400;min-width:1.1em}
.feat .st{font-size:var(--t-m);margin-top:var(--s2)}
.say{font-size:var(--t-m);color:var(--ink-2);margin-top:var(--s2)}
.kv{display:grid;grid-template-columns:auto 1fr;gap:3px var(--s3);font-size:var(--t-m);align-content:start}
.kv dt{color:var(--ink-2)}.kv dd{text-align:right;white-space:nowrap}.verdict p,.say,.meta dd,summary,details p,.rows td,.legend{overflow-wrap:anywhere}.kv.told dd{min-width:0;white-space:normal;text-align:left;overflow-wrap:anywhere}.rows{margin-top:var(--s3);font-size:var(--t-s)}.rows td,.rows th{padding:3px var(--s3) 3px 0;overflow-wrap:anywhere}.rows td.num{width:4rem}
.kv .g{grid-column:1/-1;display:flex;justify-content:space-between;align-items:center}
.stillbox h3{font-size:var(--t-l);padding-top:var(--s4);border-top:var(--rule)}
.minis{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:var(--s5);margin-top:var(--s4)}
.mini{break-inside:avoid;min-width:0;border-top:var(--rule);padding-top:var(--s2)}
.mini h4{font-size:var(--t-s);margin-bottom:var(--s2);min-height:2.4em}
.mini p{font-size:var(--t-xs);color:var(--ink-2);margin-top:4px}
.panel{background:var(--surface);border:var(--rule);border-radius:var(--r-m);padding:var(--s4);margin-top:var(--s4);max-width:34rem}
.panel header{display:flex;align-items:baseline;justify-content:space-between;gap:var(--s3);margin-bottom:var(--s3);flex-wrap:wrap}
.panel h3{font-size:var(--t-m)}.panel .st{font-size:var(--t-m)}.panel .kv{margin-top:var(--s3)}
.legend{display:flex;gap:var(--s4);flex-wrap:wrap;color:var(--ink-2);font-size:var(--t-s);margin-bottom:var(--s3)}
.legend span{display:inline-flex;gap:6px;align-items:center}.legend svg{width:20px;height:12px}
.dist{min-width:0;font-size:var(--t-xs);color:var(--ink-3)}
.dist svg{width:100%;height:96px}.small svg{height:40px}
.dist .r,.dist .c,.dist .ax{vector-effect:non-scaling-stroke}
.ends{display:flex;justify-content:space-between;padding-top:3px}
.each{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);padding-top:3px}
.each span{display:flex;justify-content:center;white-space:nowrap}
.cats{display:grid;grid-template-columns:minmax(48px,1fr) minmax(60px,1.3fr) auto;gap:2px var(--s2);font-size:var(--t-s);align-items:center;align-content:start;min-width:0}
.cats svg{width:100%;height:14px}
.k{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-family:var(--mono);font-size:.95em}
.k.more,.k.null{font-family:var(--sans);font-style:italic;color:var(--ink-3)}
.mini .cats{grid-template-columns:minmax(34px,1fr) 34px auto}
.r{fill:var(--ref-fill);stroke:var(--ref-line);stroke-width:.75}
.c{fill:none;stroke:var(--cur-line);stroke-width:2;stroke-linejoin:round}
.cb{fill:var(--cur-line)}.pf{fill:var(--mark)}
.nul{fill:none;stroke:var(--ref-line);stroke-width:.75;stroke-dasharray:2 2}
.ax{stroke:var(--edge);stroke-width:1}.mk{stroke:var(--mark);stroke-width:1.25}
.hi{stroke:var(--cur-line);stroke-width:1.5;opacity:.7}.lo{stroke:var(--ref-line);stroke-width:1.5;opacity:.8}.nu{stroke:var(--mark);stroke-width:1;opacity:.6}
.mkd{stroke:var(--mark);stroke-width:1;stroke-dasharray:2 3}
.tx3{fill:var(--ink-3);font-size:11px;font-family:var(--sans)}
.tw{overflow-x:auto;margin-top:var(--s2)}
table{border-collapse:collapse;width:100%;font-size:var(--t-m)}
th{font-weight:var(--w-strong);text-align:left;color:var(--ink-2);font-size:var(--t-s);vertical-align:bottom}
thead th{border-bottom:1px solid var(--ink-3)}
th,td{padding:6px var(--s3) 6px 0;border-bottom:var(--rule)}td{vertical-align:top}
tbody th{font-weight:400;color:var(--ink);font-size:inherit;vertical-align:top}
th.num,td.num{text-align:right}
tbody tr:hover{background:var(--sunk)}
.perf td,.perf tbody th{vertical-align:middle}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(288px,100%),1fr));gap:var(--s5)}
figure{margin:0;min-width:0;max-width:34rem;break-inside:avoid}figcaption{color:var(--ink-2);font-size:var(--t-s);margin-top:var(--s2);max-width:26rem}
.rl{fill:none;stroke:var(--ref-line);stroke-width:1.75;stroke-dasharray:5 3}.rb{fill:var(--ref-line)}.rw{stroke:var(--ref-line);stroke-width:1}.cw{stroke:var(--cur-line);stroke-width:1}.grid{stroke:var(--line);stroke-width:1}
.rules{border-top:var(--rule)}.rules li{display:grid;grid-template-columns:9rem minmax(0,1fr) minmax(0,11rem);gap:var(--s1) var(--s4);padding:var(--s3) 0;border-bottom:var(--rule);break-inside:avoid}.rules .say{margin-top:2px}.rules .who{font-size:var(--t-s);color:var(--ink-3);overflow-wrap:anywhere}
.dq td,.dq th{white-space:nowrap;padding-right:9px;font-size:var(--t-s)}
.dq tbody th{white-space:normal;min-width:12.5rem;max-width:20rem;position:sticky;left:0;background:var(--paper)}
`

const screens = `
@media(pointer:coarse){.toc a,summary{min-height:44px}}
@media(max-width:900px){.feat{grid-template-columns:minmax(0,1fr) minmax(0,1.2fr)}.feat>dl{grid-column:1/-1}
.stats{grid-template-columns:1fr 1fr}.stats>dl:nth-child(3){border-left:0;padding-left:0}.stats>dl:nth-child(n+3){border-top:var(--rule)}}
@media(max-width:620px){.only-s{display:inline}.mark .dim{display:none}.wrap{padding:var(--s3) var(--s4) var(--s7)}
.verdict{padding:var(--s5) 0 var(--s4)}.verdict h1{font-size:1.5rem}.verdict p{font-size:1rem}
.todo li{grid-template-columns:1.25rem minmax(0,1fr)}.todo .who{grid-column:2}
.rules li{grid-template-columns:minmax(0,1fr)}
.feat{grid-template-columns:minmax(0,1fr)}section{padding-top:var(--s6)}
.stats>dl{padding:var(--s2) var(--s3)}.stats dd:not(.sub){font-size:1.25rem}
.minis{grid-template-columns:1fr 1fr;gap:var(--s4) var(--s3)}.mini .cats{grid-template-columns:minmax(0,1fr) auto}.mini .cats svg{display:none}
.perf,.perf tbody,.perf tr,.perf td,.perf th{display:block}.perf thead{display:none}
.perf td,.perf tbody th{border:0;padding:2px 0;text-align:left}.perf td:empty{display:none}.perf tr{border-bottom:var(--rule);padding:var(--s2) 0}
.perf td.num{display:inline-block;margin-right:var(--s3);text-align:left}.perf tbody th{font-weight:var(--w-strong)}
.dq tbody th{min-width:9rem;max-width:11rem}}
@media(max-width:350px){.minis{grid-template-columns:minmax(0,1fr)}}
@media print{@page{size:A4;margin:14mm 13mm}html{font-size:13.5px}.wrap{max-width:none;padding:0}
.noprint,.skip{display:none}section{padding-top:var(--s5)}h2,h3,.lead,.legend{break-after:avoid}
.todo li,.stats,tr,.mini,.panel,.perf,details{break-inside:avoid}
.tw{overflow:visible}.dq{font-size:9px}.dq td,.dq th{font-size:9px;padding:3px 5px 3px 0;white-space:normal}.dq tbody th{min-width:0;position:static}
details::details-content{content-visibility:visible;display:block;height:auto}summary{list-style:none}
.feat{grid-template-columns:9.5rem minmax(0,1fr) 16rem;gap:var(--s2) var(--s4)}.feat>dl{grid-column:auto}
.stats{grid-template-columns:repeat(4,1fr)}.minis{grid-template-columns:repeat(4,1fr);gap:var(--s3) var(--s4)}
a{text-decoration:none;color:inherit}.scale,.r,.cb,.pf{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`

/** The whole style sheet of the report. */
export const style = tokens + base + page + evidence + screens
