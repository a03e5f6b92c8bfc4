// Lines over time: in a page as inline SVG, in a terminal as a row of marks. The numbers stand beside either,
// so that nothing hangs on seeing the drawing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::cli {

/// A row of bars of eight heights from `low` to `high`, "x" where there is nothing. Plain digits 0 to 9 where
/// the terminal has no Unicode.
std::string Sparkline(const std::vector<std::optional<double>>& values, double low = 0, double high = 100);

/// One column of a chart.
struct ChartPoint {
  std::string label;            // under the axis: "2026-05"
  std::optional<double> value;  // 0..100
  std::string mark;             // late | missing | rejected | empty: how the point is drawn
  bool change = false;          // a line before it: what was measured changed here
  std::string words;            // its tooltip: everything the drawing says
};
struct Chart {
  std::string title;
  std::string description;  // for those who hear it
  std::vector<ChartPoint> points;
};
/// An SVG of its own: axes from a round value below the lowest to 100, a circle for a period on time, a
/// triangle for a late one, a cross at the foot for a missing one, a square for a rejected one, a dashed line
/// where the measure changed. Needs ChartStyle. `id` is unique in the page.
std::string TrendChart(const Chart& chart, std::string_view id);
/// A small line without axes for a table's cell, hidden from screen readers: its numbers stand beside it.
std::string HtmlSparkline(const std::vector<std::optional<double>>& values);
/// What the signs mean, with the signs.
std::string ChartLegend();
/// The rules for all of it; goes into HtmlHead.
std::string_view ChartStyle();

}  // namespace concordat::cli
