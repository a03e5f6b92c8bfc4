// A self-assessment for a terminal: the dashboard, single items, lists. Readable without colour; `width` in
// columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"

namespace concordat::cli {

/// Where it stands: progress, levels of themes beside their targets, gaps first, actions, what to do next.
std::string DashboardText(const json::Value& assessment, size_t width);
/// One item with everything known of it; `item` is one of the document's.
std::string ItemText(const json::Value& assessment, const json::Value& item, size_t width);
/// All items of all themes, each with ItemText.
std::string ItemsText(const json::Value& assessment, size_t width);
/// What changed for one item, in some lines: its claim, its evidence, how far the whole is.
std::string AnsweredText(const json::Value& assessment, std::string_view item, size_t width);

/// GetAssessment without an id: a line each.
std::string AssessmentsText(const json::Value& list, size_t width);
std::string TemplatesText(const json::Value& list, size_t width);
/// One template with all its questions.
std::string TemplateText(const json::Value& form, size_t width);
std::string CyclesText(const json::Value& list, size_t width);
std::string HistoryText(const json::Value& list, size_t width);
/// Actions of any assessments, overdue first.
std::string ActionsText(const json::Value& list, size_t width);

/// The item of this id in a document, or nullptr.
const json::Value* FindItem(const json::Value& assessment, std::string_view item);
/// "level 4 claimed ..." of an item: the message with its sign and word.
std::string AssuranceLine(const json::Value& item);
/// "validity, mean of 3 submissions: 97.3, supports 3 above minimum" of each measurement of an item.
std::vector<std::string> MeasuredLines(const json::Value& item, const json::Value& assessment);
/// A line for each thing attached that was not withdrawn.
std::vector<std::string> AttachedLines(const json::Value& item);
/// "2025/26: 3 above minimum, "words"" of the answer carried over; empty when there is none.
std::string CarriedLine(const json::Value& item, const json::Value& assessment);

}  // namespace concordat::cli
