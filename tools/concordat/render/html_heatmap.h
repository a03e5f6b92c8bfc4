// Levels in a page: cells of a heat map, a claim beside its evidence, wide tables. Each says in words and
// signs what its colour says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/html_style.h"

namespace concordat::cli {

/// The rules for all of this; goes into HtmlHead.
std::string_view HeatmapStyle();

/// A table cell (td): number and name of the level, sign and stripe by its colour. Nothing: "-" or `none`.
std::string HeatCell(const ShownScale& scale, std::optional<int> level, std::string_view none = "-");
/// The same as a piece of text, outside a table.
std::string HeatMark(const ShownScale& scale, std::optional<int> level, std::string_view none = "-");
/// What the cells mean.
std::string ScaleLegend(const ShownScale& scale);

/// A small drawing of one item: a filled square where the claim stands on the scale, a ring where the
/// evidence does, the gap between them as a line. Hidden from screen readers: the same numbers stand in cells
/// beside it.
std::string GapDrawing(const ShownScale& scale, std::optional<int> claimed, std::optional<int> evidenced);

/// "▲ overstated" in its colour.
std::string AssuranceMark(std::string_view assurance);

}  // namespace concordat::cli
