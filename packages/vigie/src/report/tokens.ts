/**
 * Colours, type and space, as custom properties. Day is chart paper, dusk the dimmed chart display; the reader's system
 * chooses. Steel is what is known (a pale fill), magenta is what is new (a dark line): they differ in mark and lightness,
 * so hue is never needed. Every pair of text and surface has a contrast of at least 4.5 to 1.
 */
export const tokens = `
:root{color-scheme:light;
--paper:#f3f6f6;--surface:#fff;--sunk:#e9eef0;--line:#d0d9dc;--edge:#74858e;
--ink:#10202a;--ink-2:#3b4d57;--ink-3:#566770;--accent:#0b4f7c;
--ref-fill:#b7c9d2;--ref-line:#53707f;--cur-line:#a00f5b;--mark:#10202a;
--ok:#17664a;--watch:#845300;--act:#b01e14;--none:#53646d;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
--t-xs:.6875rem;--t-s:.75rem;--t-m:.8125rem;--t-l:.9375rem;--t-xl:1.125rem;--t-2xl:1.5rem;--t-3xl:2rem;
--lh-tight:1.2;--lh:1.5;--w-strong:600;
--s1:4px;--s2:8px;--s3:12px;--s4:16px;--s5:24px;--s6:32px;--s7:48px;--s8:64px;
--r-s:2px;--r-m:4px;--rule:1px solid var(--line)}
@media(prefers-color-scheme:dark){:root{color-scheme:dark;
--paper:#0c151a;--surface:#131f26;--sunk:#0a1115;--line:#273a43;--edge:#708590;
--ink:#e4ecee;--ink-2:#b3c1c7;--ink-3:#92a3ab;--accent:#82bfe8;
--ref-fill:#3b525d;--ref-line:#74909e;--cur-line:#f285ba;--mark:#e4ecee;
--ok:#63c99e;--watch:#e3b24f;--act:#ff8f80;--none:#a0b0b8}}
@media print{:root{color-scheme:light;
--paper:#fff;--surface:#fff;--sunk:#fff;--line:#bbb;--edge:#777;
--ink:#000;--ink-2:#222;--ink-3:#444;--accent:#000;
--ref-fill:#c8c8c8;--ref-line:#777;--cur-line:#000;--mark:#000;
--ok:#000;--watch:#000;--act:#000;--none:#333;
--t-l:.8125rem;--t-m:.75rem;--t-2xl:1.125rem;--t-3xl:1.375rem}}
@media(forced-colors:active){:root{--ref-fill:GrayText;--cur-line:Highlight;--mark:CanvasText;--accent:LinkText}}
`
