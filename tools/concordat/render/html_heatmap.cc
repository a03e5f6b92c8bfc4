#include "tools/concordat/render/html_heatmap.h"

#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/render/html_text.h"

namespace concordat::cli {
namespace {

// Stripes of different make and width, so that a copy in black and white still tells red from green.
constexpr std::string_view kStyle = R"(
:root{--red-bg:#fde3e1;--amber-bg:#fdf0cf;--green-bg:#dcf2e1}
@media (prefers-color-scheme:dark){:root{--red-bg:#4a1f1c;--amber-bg:#433410;--green-bg:#163a20}}
.lv{border-left:.2rem solid transparent}.lv.red{background:var(--red-bg);border-left:.5rem solid var(--bad)}.lv.amber{background:var(--amber-bg);border-left:.5rem double var(--warn)}.lv.green{background:var(--green-bg);border-left:.2rem solid var(--good)}
span.lv{white-space:nowrap;padding:.05rem .4rem;border-radius:.15rem}.legend{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.35rem .75rem}
body{max-width:76rem}h1~p,h2~p{max-width:62rem}.wide th,.wide td{min-width:5.5rem}.wide th[scope=row]{min-width:9rem;position:sticky;left:0;background:var(--paper);border-right:1px solid var(--line)}.words{min-width:15rem}.d{white-space:nowrap}
.gap{display:block;width:9rem;height:1.4rem}.gap line{stroke:var(--faint);stroke-width:1}.gap .span{stroke:var(--ink);stroke-width:3}.gap rect{fill:var(--ink)}.gap circle{fill:var(--paper);stroke:var(--ink);stroke-width:2.5}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1rem 0;padding:0}.facts>div{border:1px solid var(--line);border-radius:.3rem;padding:.5rem .75rem}.facts dt{color:var(--faint)}.facts dd{margin:0;font-weight:700}
.item{border-left:.2rem solid var(--line);padding-left:.75rem;margin:1rem 0;break-inside:avoid}.item h4{margin:0;font-size:1rem}.item ul{margin:.25rem 0;padding-left:1.2rem}
h1,h2,h3,h4,p,li,td,th{overflow-wrap:break-word}.late{font-weight:700}
@media print{.lv{white-space:normal}.wide th[scope=row]{position:static}.wide th,.wide td,.wide th[scope=row],.words{min-width:0}body{font-size:.85rem}:root{color-scheme:light}}
)";

std::string LevelClass(const ShownScale& scale, std::optional<int> level) {
  const std::string colour = scale.ColourOf(level);
  const bool known = colour == "red" || colour == "amber" || colour == "green";
  return known ? "lv " + colour : "lv";
}

std::string LevelWords(const ShownScale& scale, std::optional<int> level, std::string_view none) {
  if (!level) return std::string(none);
  const std::string_view sign = ColourSign(scale.ColourOf(level));
  const std::string shown = sign.empty() ? "" : fmt::format("<span aria-hidden=\"true\">{}</span> ", sign);
  return shown + Escaped(scale.Named(level));
}

// Where a level stands on a drawing of 144 units with margins of 10.
double PositionOf(const ShownScale& scale, int level) {
  const auto& levels = scale.levels();
  const double steps = levels.size() < 2 ? 1 : static_cast<double>(levels.size() - 1);
  const auto found =
      std::find_if(levels.begin(), levels.end(), [level](const ShownLevel& l) { return l.level == level; });
  return 10 + 124 * static_cast<double>(found - levels.begin()) / steps;
}

std::string_view AssuranceClass(std::string_view assurance) {
  switch (AssuranceColour(assurance)) {
    case Colour::kGood:
      return "good";
    case Colour::kBad:
      return "bad";
    case Colour::kWarn:
      return "warn";
    default:
      return "faint";
  }
}

}  // namespace

std::string_view HeatmapStyle() { return kStyle; }

std::string HeatCell(const ShownScale& scale, std::optional<int> level, std::string_view none) {
  return fmt::format("<td class=\"{}\">{}</td>", LevelClass(scale, level), LevelWords(scale, level, none));
}

std::string HeatMark(const ShownScale& scale, std::optional<int> level, std::string_view none) {
  return fmt::format("<span class=\"{}\">{}</span>", LevelClass(scale, level),
                     LevelWords(scale, level, none));
}

std::string ScaleLegend(const ShownScale& scale) {
  std::string html = "<ul class=\"legend\" aria-label=\"Levels\">\n";
  for (const ShownLevel& level : scale.levels())
    html += fmt::format("<li>{}</li>\n", HeatMark(scale, level.level));
  return html + "</ul>\n";
}

std::string GapDrawing(const ShownScale& scale, std::optional<int> claimed, std::optional<int> evidenced) {
  std::string svg =
      "<svg class=\"gap\" viewBox=\"0 0 144 22\" aria-hidden=\"true\" focusable=\"false\"><line x1=\"10\" "
      "y1=\"11\" x2=\"134\" "
      "y2=\"11\"/>";
  for (const ShownLevel& level : scale.levels()) {
    const double x = PositionOf(scale, level.level);
    svg += fmt::format("<line x1=\"{0:.1f}\" y1=\"7\" x2=\"{0:.1f}\" y2=\"15\"/>", x);
  }
  if (claimed && evidenced)
    svg += fmt::format("<line class=\"span\" x1=\"{:.1f}\" y1=\"11\" x2=\"{:.1f}\" y2=\"11\"/>",
                       PositionOf(scale, *claimed), PositionOf(scale, *evidenced));
  if (claimed)
    svg += fmt::format("<rect x=\"{:.1f}\" y=\"6\" width=\"10\" height=\"10\"/>",
                       PositionOf(scale, *claimed) - 5);
  // A ring around the square where both stand on the same level.
  if (evidenced)
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"11\" r=\"{}\"{}/>", PositionOf(scale, *evidenced),
                       claimed == evidenced ? 9 : 5.5, claimed == evidenced ? " style=\"fill:none\"" : "");
  return svg + "</svg>";
}

std::string AssuranceMark(std::string_view assurance) {
  return fmt::format("<span class=\"{} d\"><span aria-hidden=\"true\">{}</span> {}</span>",
                     AssuranceClass(assurance), AssuranceSign(assurance), Escaped(AssuranceWords(assurance)));
}

}  // namespace concordat::cli
