// One template over the whole partnership, and assessments side by side, for a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/base/json.h"

namespace concordat::cli {

/// A heat map of partners and themes in words and numbers, the spread of levels, gaps, actions, trend; where
/// several groups rated, the stages of the chain. `width` in columns.
std::string PartnershipText(const json::Value& view, size_t width);
/// Assessments as columns, themes and items as rows; with two columns the change in words.
std::string ComparisonText(const json::Value& comparison, size_t width);
/// Stages and groups with agreed reds and contested stages marked; empty for null.
std::string AgreementText(const json::Value& agreement, const json::Value& scale_of, size_t width);

/// "better by 1", "worse by 2", "same", "new", "no longer answered" from one level to another; empty when
/// both are nothing.
std::string ChangeWords(std::optional<int> from, std::optional<int> to);
/// "↑", "↓", "=" or a blank for it.
std::string_view ChangeSign(std::optional<int> from, std::optional<int> to);
/// Who and when a column of a comparison is.
std::string ColumnName(const json::Value& column, bool with_partner, bool with_cycle);
/// The members that tell columns of a comparison apart.
struct ColumnWords {
  bool partner = false;
  bool cycle = false;
};
ColumnWords WordsFor(const json::Value& comparison);

}  // namespace concordat::cli
