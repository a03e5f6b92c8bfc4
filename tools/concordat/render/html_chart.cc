#include "tools/concordat/render/html_chart.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fmt/format.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

// Units of the drawing; the page scales it.
constexpr double kWidth = 440;
constexpr double kHeight = 190;
constexpr double kLeft = 34;
constexpr double kRight = 12;
constexpr double kTop = 12;
constexpr double kBottom = 34;

constexpr std::array<std::string_view, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

struct Scale {
  double low = 0;
  size_t points = 1;

  double X(size_t i) const {
    const double inner = kWidth - kLeft - kRight;
    return kLeft +
           (points < 2 ? inner / 2 : inner * (static_cast<double>(i) + 0.5) / static_cast<double>(points));
  }
  double Y(double value) const {
    const double inner = kHeight - kTop - kBottom;
    return kTop + inner * (1 - (std::clamp(value, low, 100.0) - low) / (100 - low));
  }
};

// A round floor under the lowest value, so that a move of a few points can be seen.
Scale ScaleOf(const Chart& chart) {
  double lowest = 100;
  for (const ChartPoint& point : chart.points) lowest = std::min(lowest, point.value.value_or(100));
  return {std::clamp(std::floor((lowest - 5) / 10) * 10, 0.0, 80.0),
          std::max<size_t>(1, chart.points.size())};
}

std::string Axis(const Scale& scale) {
  std::string svg;
  const double step = (100 - scale.low) > 50 ? 20 : 10;
  for (double value = 100; value >= scale.low - 1e-9; value -= step) {
    svg += fmt::format(
        R"(<line class="grid" x1="{:.0f}" x2="{:.0f}" y1="{:.1f}" y2="{:.1f}"/><text x="{:.0f}" y="{:.1f}" text-anchor="end">{:.0f}</text>)",
        kLeft, kWidth - kRight, scale.Y(value), scale.Y(value), kLeft - 6, scale.Y(value) + 4, value);
  }
  return svg;
}

// Every label where they fit, else every second, third ...
std::string Labels(const Chart& chart, const Scale& scale) {
  const size_t every = std::max<size_t>(1, (chart.points.size() * 62 + 393) / 394);
  std::string svg;
  for (size_t i = 0; i < chart.points.size(); ++i) {
    if ((chart.points.size() - 1 - i) % every != 0) continue;
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>)", scale.X(i),
                       kHeight - 10, Escaped(chart.points[i].label));
  }
  return svg;
}

// Broken where nothing was measured and where the measure changed: a line would claim that it is one.
std::string Line(const Chart& chart, const Scale& scale) {
  std::string path;
  bool pen_down = false;
  for (size_t i = 0; i < chart.points.size(); ++i) {
    const ChartPoint& point = chart.points[i];
    if (!point.value) {
      pen_down = false;
      continue;
    }
    if (point.change) pen_down = false;
    path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", scale.X(i), scale.Y(*point.value));
    pen_down = true;
  }
  return path.empty() ? "" : fmt::format(R"(<path class="line" d="{}"/>)", path);
}

std::string Sign(std::string_view mark, double x, double y) {
  if (mark == "missing")
    return fmt::format(
        R"(<path class="sign bad" d="M{0:.1f} {2:.1f}L{1:.1f} {3:.1f}M{1:.1f} {2:.1f}L{0:.1f} {3:.1f}"/>)",
        x - 5, x + 5, y - 5, y + 5);
  if (mark == "late")
    return fmt::format(R"(<path class="dot warn" d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z"/>)", x,
                       y - 6.5, x + 6, y + 4.5, x - 6, y + 4.5);
  if (mark == "rejected")
    return fmt::format(R"(<rect class="dot bad" x="{:.1f}" y="{:.1f}" width="9" height="9"/>)", x - 4.5,
                       y - 4.5);
  return fmt::format(R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="4"/>)", x, y);
}

std::string Points(const Chart& chart, const Scale& scale) {
  std::string svg;
  for (size_t i = 0; i < chart.points.size(); ++i) {
    const ChartPoint& point = chart.points[i];
    const double x = scale.X(i);
    if (point.change) {
      const double between = i == 0 ? x : (scale.X(i - 1) + x) / 2;
      svg += fmt::format(R"(<line class="change" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.0f}" y2="{2:.0f}"/>)",
                         between, kTop, kHeight - kBottom);
    }
    if (!point.value && point.mark.empty()) continue;
    const double y = point.value ? scale.Y(*point.value) : kHeight - kBottom - 8;
    svg += fmt::format("<g>{}<title>{}</title></g>", Sign(point.mark, x, y), Escaped(point.words));
  }
  return svg;
}

std::string LegendSign(std::string_view mark) {
  return fmt::format(
      R"(<svg class="key" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{}</svg>)",
      Sign(mark, 8, 8));
}

}  // namespace

std::string Sparkline(const std::vector<std::optional<double>>& values, double low, double high) {
  std::string text;
  for (const std::optional<double>& value : values) {
    if (!value) {
      text += 'x';
      continue;
    }
    const double share = high > low ? std::clamp((*value - low) / (high - low), 0.0, 1.0) : 1;
    if (HasUnicode()) {
      text += kBars[std::min<size_t>(7, static_cast<size_t>(share * 8))];
    } else {
      text += static_cast<char>('0' + std::min(9, static_cast<int>(share * 10)));
    }
  }
  return text;
}

std::string TrendChart(const Chart& chart, std::string_view id) {
  const Scale scale = ScaleOf(chart);
  return fmt::format(
      "<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-labelledby=\"{}-t {}-d\">"
      "<title id=\"{}-t\">{}</title><desc id=\"{}-d\">{}</desc>{}{}{}{}</svg>\n",
      kWidth, kHeight, id, id, id, Escaped(chart.title), id, Escaped(chart.description), Axis(scale),
      Labels(chart, scale), Line(chart, scale), Points(chart, scale));
}

std::string HtmlSparkline(const std::vector<std::optional<double>>& values) {
  constexpr double kCell = 9;
  double low = 100;
  for (const std::optional<double>& value : values) low = std::min(low, value.value_or(100));
  low = std::min(low, 90.0);
  const auto y = [low](double value) { return 19 - 16 * (value - low) / std::max(1.0, 100 - low); };
  std::string path;
  std::string dots;
  bool pen_down = false;
  for (size_t i = 0; i < values.size(); ++i) {
    const double x = kCell * (static_cast<double>(i) + 0.5);
    if (!values[i]) {
      dots += fmt::format(R"(<path class="sign bad" d="M{0:.1f} 15L{1:.1f} 20M{1:.1f} 15L{0:.1f} 20"/>)",
                          x - 2.5, x + 2.5);
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", x, y(*values[i]));
    pen_down = true;
    // A line needs two points: one that stands alone is a dot.
    const bool alone = (i == 0 || !values[i - 1]) && (i + 1 == values.size() || !values[i + 1]);
    if (alone || i + 1 == values.size())
      dots += fmt::format(R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.2"/>)", x, y(*values[i]));
  }
  const double width = std::max(1.0, kCell * static_cast<double>(values.size()));
  return fmt::format(
      R"(<svg class="spark" viewBox="0 0 {:.0f} 22" width="{:.0f}" height="22" aria-hidden="true">{}{}</svg>)",
      width, width, path.empty() ? "" : fmt::format(R"(<path class="line" d="{}"/>)", path), dots);
}

std::string ChartLegend() {
  return fmt::format(
      "<p class=\"legend faint\"><span>{}on "
      "time</span><span>{}late</span><span>{}rejected</span><span>{}missing: nothing "
      "was sent</span><span><svg class=\"key\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" "
      "aria-hidden=\"true\"><line class=\"change\" x1=\"8\" x2=\"8\" y1=\"0\" y2=\"16\"/></svg>contract or "
      "rule changed: not "
      "the same measure before and after</span></p>\n",
      LegendSign(""), LegendSign("late"), LegendSign("rejected"), LegendSign("missing"));
}

std::string_view ChartStyle() {
  return R"(
.chart{display:block;width:100%;max-width:44rem;height:auto;margin:.25rem 0}.chart text{font-size:11px;fill:var(--faint)}
.grid{stroke:var(--line);stroke-width:1}.line{fill:none;stroke:var(--bar);stroke-width:2}.dot{fill:var(--bar);stroke:var(--paper);stroke-width:1}
.dot.warn{fill:var(--warn)}.dot.bad{fill:var(--bad)}.sign{fill:none;stroke-width:2.2;stroke:var(--bad)}.change{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 3}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem}.legend span{display:inline-flex;align-items:center;gap:.3rem}.spark{vertical-align:middle}
.scroll{overflow-x:auto}.scroll th[scope=row]{white-space:nowrap}.scroll code{overflow-wrap:normal}.scroll:focus-visible{outline:2px solid var(--bar)}
@media print{.scroll{overflow:visible}}
)";
}

}  // namespace concordat::cli
