#include "host/pages/html_style.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/pages/html_text.h"

namespace concordat::pages {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#c9d1d9;--faint:#57606a;--good:#1a7f37;--warn:#9a6700;--bad:#b42318;--bar:#3b6ea8;--track:#e6eaef}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0f141a;--line:#39424e;--faint:#9aa5b1;--good:#57c26b;--warn:#e0b040;--bad:#ff8a80;--bar:#7fb0e6;--track:#222b35}}
*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.25rem 0}.faint{color:var(--faint)}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.decision{font-size:1.3rem;font-weight:700}
table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;color:var(--faint)}th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.track{background:var(--track);height:.8rem;width:100%;min-width:6rem;border-radius:.2rem}.fill{background:var(--bar);height:100%;border-radius:.2rem}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.mend{border-left:.25rem solid var(--bar);padding-left:.6rem}section{break-inside:avoid}
.scroll{overflow-x:auto;margin:.5rem 0}.scroll:focus-visible,a:focus-visible{outline:.2rem solid var(--bar);outline-offset:.1rem}
h1,h2,h3{overflow-wrap:anywhere}
@media (max-width:40rem){body{padding:.9rem}}
@media print{@page{size:A4;margin:14mm}.scroll{overflow:visible}body{max-width:none;padding:0}h2{break-after:avoid}}
)";

}  // namespace

std::string HtmlHead(std::string_view title, std::string_view more_style) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n<main>\n",
      Escaped(title), kStyle, more_style);
}

std::string_view HtmlFoot() { return "</main>\n</body>\n</html>\n"; }

std::string ScrollRegion(std::string_view label, std::string_view table) {
  return fmt::format("<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n{}</div>\n",
                     Escaped(label), table);
}

std::string HtmlBar(double share) {
  return fmt::format(
      R"(<div class="track" aria-hidden="true"><div class="fill" style="width:{:.1f}%"></div></div>)",
      100 * std::clamp(share, 0.0, 1.0));
}

}  // namespace concordat::pages
