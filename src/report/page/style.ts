import { colourVariables } from "../figures/theme.ts";

/** The page's stylesheet. Colours of text and figures are the same variables. */
export const STYLE = `
:root{color-scheme:light dark;${colourVariables("light")};
--paper:#fcfbf8;--sheet:#f4f2ec;--rule:#d9d5ca;--good:#22633f;--bad:#a11d33;--open:#8a5a00;--link:#1f4e79;
--serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4","Palatino Linotype",Palatino,Cambria,"Liberation Serif",serif;
--sans:Inter,"Source Sans 3","Segoe UI","Helvetica Neue",Arial,"Liberation Sans",sans-serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{${colourVariables("dark")};
--paper:#191816;--sheet:#22211e;--rule:#3c3a34;--good:#86c79c;--bad:#f08a96;--open:#e3b25c;--link:#8fbdea}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 var(--serif);font-variant-numeric:lining-nums;text-rendering:optimizeLegibility;overflow-wrap:break-word}
main,.top,.foot{max-width:60rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--link);text-decoration-thickness:.06em;text-underline-offset:.18em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-100rem;top:0;background:var(--paper);padding:.5rem 1rem;z-index:2}
.skip:focus{left:0}
h1,h2,h3{line-height:1.2;font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.65rem,1.2rem + 2vw,2.35rem);margin:.35rem 0 .6rem;letter-spacing:-.01em}
h2{font-size:1.6rem;margin:4rem 0 .5rem;padding-top:1.1rem;border-top:1px solid var(--rule)}
h3{font-size:1.28rem;margin:.1rem 0 .5rem}
h4{font:600 .8rem/1.4 var(--sans);letter-spacing:.02em;margin:1.6rem 0 .3rem;color:var(--muted)}
p,dl,ul,ol{margin:.6rem 0}
p,li{max-width:42rem}
.top{padding-top:2rem}
.kicker{font:500 .8rem/1.4 var(--sans);letter-spacing:.03em;color:var(--muted);margin:0}
.question{font-size:1.12rem;font-style:italic;color:var(--muted);margin:0 0 .5rem;max-width:54rem;text-wrap:balance}
.answer{font-size:1.22rem;line-height:1.4;margin:.2rem 0 .35rem;max-width:54rem;text-wrap:balance}
.answer .verdict{font-size:1em}
.contents{font:.86rem/1.9 var(--sans);margin:.4rem 0 1rem}
.contents ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 1.1rem;margin:0;padding:0}
.small,.note{font-size:.92rem;color:var(--muted)}
code,pre,kbd{font:.86em/1.5 var(--mono)}
pre{background:var(--sheet);border:1px solid var(--rule);border-radius:3px;padding:.55rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0}
.hash{font-family:var(--mono);font-size:.8em;overflow-wrap:anywhere}
sub,sup{font-size:.72em;line-height:0}
math{font-family:"Latin Modern Math","STIX Two Math","Cambria Math","DejaVu Math TeX Gyre",math,serif}
.formula{margin:.9rem 0 1rem;padding:.35rem 0 .35rem 1.1rem;border-left:3px solid var(--rule);overflow-x:auto;display:flex;flex-wrap:wrap;gap:.7rem 2.4rem;align-items:center}
.formula math{display:inline-block;font-size:1.08em}
.verdict{font:600 .86rem/1.3 var(--sans);white-space:nowrap}
.verdict::before{content:"";display:inline-block;width:.72em;height:.72em;margin-right:.45em;border:.14em solid currentColor;vertical-align:-.04em}
.verdict.certified::before,.verdict.holds::before{border-radius:50%;background:currentColor}
.verdict.refuted::before,.verdict.broken::before{background:currentColor}
.verdict.inconclusive::before{border-radius:50%;background:linear-gradient(90deg,currentColor 50%,transparent 50%)}
.verdict.measured::before{border-radius:50%}
.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}.plain{color:var(--muted)}
table{border-collapse:collapse;width:100%;font-size:.93rem;line-height:1.38;font-variant-numeric:tabular-nums lining-nums}
caption{text-align:left;font:.86rem/1.4 var(--sans);color:var(--muted);padding:0 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.36rem .75rem .36rem 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th{font:600 .76rem/1.3 var(--sans);color:var(--muted);border-bottom:1.5px solid var(--ink);vertical-align:bottom;letter-spacing:.01em}
tbody th{font-weight:400}
tbody tr:last-child>*{border-bottom:1.5px solid var(--ink)}
.number{text-align:right;white-space:nowrap}
.nowrap{white-space:nowrap}.below{display:block}
.number+:not(.number){padding-left:.8rem}
table details{margin:0}table dl.facts{margin:.4rem 0 .6rem}
.scroll{overflow-x:auto;max-width:100%}
.summary td,.summary th{padding-top:.27rem;padding-bottom:.27rem}
.statement{margin:3rem 0 0}
.statement>header{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;align-items:baseline;justify-content:space-between}
.statement>header>div{flex:1 1 24rem}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;font-size:.95rem;max-width:50rem}
dl.facts dt{font:600 .8rem/1.75 var(--sans);color:var(--muted)}
dl.facts dd{margin:0;min-width:0}
figure{margin:1.8rem 0;padding:0}
figure svg{display:block;max-width:100%;height:auto;font-family:var(--sans)}
figure .narrow{display:none}
figcaption{font-size:.93rem;line-height:1.45;color:var(--muted);margin-top:.5rem;max-width:44rem}
figcaption b{color:var(--ink);font-weight:600}
.top div.small{margin-top:.9rem}
.model{padding-left:1.1rem;margin:.6rem 0 1rem}.model li{max-width:54rem;margin:.15rem 0}
.multiples{margin:1.4rem 0}.multiples svg{display:block;max-width:100%;height:auto}
.multiples .panels{display:grid;grid-template-columns:repeat(4,1fr);gap:.3rem 1rem}
.multiples svg{width:100%}
.multiples text{font:11px var(--sans);fill:var(--muted)}.multiples .field{fill:var(--ink)}
.multiples path{fill:none}
.multiples .points{stroke:var(--first);stroke-width:3.6;stroke-linecap:round;opacity:.65}
.multiples .beyond{stroke:var(--bound);opacity:1}
.multiples .bound{stroke:var(--bound);stroke-dasharray:5 4}.multiples .axis{stroke:var(--muted)}
details{margin:.7rem 0}
summary{cursor:pointer;font:.88rem/1.5 var(--sans);color:var(--link)}
.foot{padding-top:3rem;padding-bottom:4rem;color:var(--muted);font-size:.9rem}
@media screen and (max-width:760px){
body{font-size:1rem}
.top{padding-top:1.2rem}
h2{margin-top:3rem}
figure .wide{display:none}
figure .narrow{display:block}
.multiples .panels{grid-template-columns:1fr 1fr}
.later{display:none}
dl.facts{grid-template-columns:1fr;gap:0}
dl.facts dd{margin-bottom:.5rem}
table.cards,.cards tbody,.cards caption{display:block}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tr{display:grid;grid-template-columns:1fr 1fr;gap:.1rem 1rem;padding:.7rem 0;border-bottom:1px solid var(--rule)}
.cards tbody tr:first-child{border-top:1.5px solid var(--ink)}
.cards tbody tr:last-child{border-bottom:1.5px solid var(--ink)}
.cards th,.cards td,.cards tbody tr:last-child>*{border:0;padding:.08rem 0;text-align:left;white-space:normal;min-width:0}
.cards .number+:not(.number){padding-left:0}
.cards tbody th,.cards .whole{grid-column:1/-1}
.formula{padding-left:.8rem}.formula math{font-size:1em}
.cards tbody th{font-weight:600}
.cards td[data-label]::before{content:attr(data-label) " ";font:.76rem/1.4 var(--sans);color:var(--muted)}
}
@media print{
:root{color-scheme:light;${colourVariables("light")};--paper:#fff;--sheet:#fff;--rule:#bbb;--good:#22633f;--bad:#a11d33;--open:#8a5a00;--link:#000}
@page{size:A4;margin:10mm 12mm}
html{font-size:9.6px}
body{font-size:7.2pt;line-height:1.22}
main,.top,.foot,p,li,figcaption,dl.facts{max-width:none}
main,.top,.foot{padding:0}
h1{font-size:17pt}h2{font-size:13pt;margin:1.4rem 0 .3rem;padding-top:.5rem}h3{font-size:10.5pt}h4{margin:.6rem 0 .1rem}
.statement{margin:.9rem 0 0}
p,dl,ul,ol,pre,details{margin:.25rem 0}
table{font-size:6.5pt;line-height:1.1}
th,td,.summary th,.summary td{padding:.05rem .5rem .05rem 0}
pre{padding:.15rem .4rem;font-size:7pt}
h2,h3,h4,caption,summary{break-after:avoid}
figure,.multiples,tr,pre{break-inside:avoid}
thead{display:table-header-group}
figure{margin:.4rem 0}
.multiples{margin:.3rem 0}.multiples .panels{width:46%}.multiples svg{width:100%}
dl.facts{display:block;font-size:7.4pt}dl.facts dt,dl.facts dd{display:inline}dl.facts dt::after{content:" "}dl.facts dd::after{content:" "}
.contents,.skip,.onscreen,.matrix th:nth-child(3),.matrix td:nth-child(3){display:none}.below{display:inline}
a{text-decoration:none;color:inherit}
figure .wide{display:block}figure .narrow{display:none}
figure svg{max-height:34mm;width:auto;max-width:88%}figure.tall svg{max-height:86mm}
.formula{margin:.2rem 0 .3rem;padding:.05rem 0 .05rem .8rem;gap:.2rem 1.6rem}
.verdict::before{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details:not([open])>summary{list-style:none}
details.printed::details-content{content-visibility:visible;display:block;block-size:auto}
details:not(.printed):not([open]){display:none}
}
`;
